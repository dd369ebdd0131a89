"""What the editor knows of a language: its colours, its comments, where it indents."""

from __future__ import annotations

from msgspec import Struct


class Language(Struct, frozen=True):
    """A language. `lexer` names one in `app.editor.lexers`; `deepens` are the endings of a line that indent the next."""

    name: str
    title: str
    lexer: str = ""
    comment: str = ""
    indent: int = 4
    deepens: tuple[str, ...] = ("{", "[", "(")
    lessens: tuple[str, ...] = ()
    """First words of a line after which the next goes back by one step."""
    words: tuple[str, ...] = ()
    """Offered by completion besides the words of the text."""
    forbids_tabs: bool = False


PYTHON = Language(
    "python", "Python", "python", "#", deepens=(":", "{", "[", "("), lessens=("return", "raise", "break", "continue", "pass")
)
_JAVASCRIPT_WORDS = (
    "async await break case catch class const continue default delete else export extends false finally for function if "
    "import instanceof let module.exports new null return static switch this throw true try typeof undefined while yield "
    "console Array Boolean Buffer Date Error JSON Map Math Number Object Promise RegExp Set String"
)
JAVASCRIPT = Language(
    "javascript",
    "JavaScript",
    "javascript",
    "//",
    indent=2,
    words=tuple(_JAVASCRIPT_WORDS.split()),
)
_BASH_WORDS = (
    "case declare done echo elif else esac exit export false fi for function grep if local printf read return select set "
    "shift source test then trap true until while"
)
BASH = Language(
    "bash",
    "bash",
    "bash",
    "#",
    deepens=("{", "(", "then", "do", "else"),
    words=tuple(_BASH_WORDS.split()),
)
YAML = Language(
    "yaml", "YAML", "yaml", "#", indent=2, deepens=(":", "{", "["), words=("true", "false", "null"), forbids_tabs=True
)
_SQL_WORDS = (
    "ALL AND AS ASC BETWEEN BY CASE CAST COALESCE COUNT CREATE DELETE DESC DISTINCT DROP ELSE END EXISTS FROM GROUP HAVING "
    "IN INNER INSERT INTO IS JOIN LEFT LIKE LIMIT MAX MIN NOT NULL OFFSET ON OR ORDER OUTER OVER PARTITION PRIMARY SELECT "
    "SET SUM TABLE THEN UNION UPDATE VALUES WHEN WHERE WITH"
)
SQL = Language(
    "sql",
    "SQL",
    "sql",
    "--",
    deepens=("(",),
    words=tuple(_SQL_WORDS.split()),
)
JSON = Language("json", "JSON", "json", indent=2, deepens=("{", "["), words=("true", "false", "null"))
TEXT = Language("text", "Text", deepens=())

LANGUAGES = {language.name: language for language in (PYTHON, JAVASCRIPT, BASH, YAML, SQL, JSON, TEXT)}
_OF_TYPE = {"python": PYTHON, "node": JAVASCRIPT, "bash": BASH}


def language_of(type: str) -> Language:
    """The language in which a processor of a type is written."""
    return _OF_TYPE.get(type, TEXT)
