"""Line by line the colours are those that Pygments gives the whole text."""

from __future__ import annotations

from pathlib import Path

import pytest
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, String

from app.editor.lexers import START, LineLexer

ROOT = Path(__file__).resolve().parents[3]
SQL = "SELECT /* of\ntwo lines */ 'it''s\none text', total FROM orders -- all\nWHERE total > 10;\n"
JSON = '{"a": [1.5e3, true, "x\\"y"],\n "b": null}\n'
TEXTS = {
    "python": (ROOT / "engine" / "model" / "edits.py").read_text(encoding="utf-8"),
    "javascript": (ROOT / "engine" / "runtime" / "hosts" / "host.js").read_text(encoding="utf-8")
    + "/* a\n * b */ let c = `d\n${e}`;\n",
    "yaml": "".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("resources/examples/*/*.flow.yaml"))),
    "bash": "for x in *; do\n  echo 'one\ntwo' \"$x\n$(date)\" | wc -l # end\ndone\n",
    "sql": SQL,
    "json": JSON,
}


def kinds(name: str, text: str) -> list[object]:
    """The kind of every character, line by line."""
    lexer, state = LineLexer(name), START
    found: list[object] = []
    for line in text.split("\n"):
        tokens, state = lexer.line(line, state)
        of_line: list[object] = [None] * (len(line) + 1)
        for start, end, kind in tokens:
            of_line[start:end] = [kind] * (end - start)
        found += of_line
    return found[: len(text)]


@pytest.mark.parametrize("name", TEXTS)
def test_it_finds_what_pygments_finds_in_the_whole(name):
    text = TEXTS[name]
    whole: list[object] = [None] * len(text)
    for start, kind, value in get_lexer_by_name(name).get_tokens_unprocessed(text):
        whole[start : start + len(value)] = [kind] * len(value)
    found = kinds(name, text)
    assert len(found) == len(text)
    differing = {
        (str(one), str(other))
        for character, one, other in zip(text, found, whole, strict=True)
        if not character.isspace() and one is not other
    }
    # A docstring is told from another string only by its end, and numbers are of one kind here.
    assert differing <= {
        ("Token.Literal.String.Double", "Token.Literal.String.Doc"),
        ("Token.Literal.Number", "Token.Literal.Number.Float"),
    }


def test_what_spans_lines_in_bash_ends_where_it_ends():
    text = "cat <<-'EOF' > x\nhi $there\n\tEOF\necho done"
    found = kinds("bash", text)
    assert found[text.index("there")] is String.Heredoc
    assert found[text.index("EOF\necho")] is String.Heredoc
    assert found[text.index("done")] is not String.Heredoc


def test_a_comment_of_javascript_goes_on_until_it_is_closed():
    text = "/* one\ntwo\n*/ three"
    found = kinds("javascript", text)
    assert found[text.index("two")] is Comment.Multiline
    assert found[text.index("three")] is not Comment.Multiline
