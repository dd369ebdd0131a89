"""The settings that every processor, connection, subflow, label or flow has, whatever its type.

Values are those of a flow file (see `part_values`), so that one form serves them and the settings of a type alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from msgspec import UNSET, Struct, structs

from engine.client.setting import Kind, Setting, title_of
from engine.errors import FlowFileError, InvalidFlow
from engine.model.codec import load_part
from engine.model.codec_read import PARTS
from engine.model.codec_write import part_tree
from engine.model.connection_check import PRIORITY
from engine.model.field import FieldError
from engine.model.flow import CODE_TYPES, Connection, Header, Label, Part, Processor, Subflow
from engine.model.processor_check import MODULE, MOST_COPIES, NAME, NAME_RULE, PYTHON, SMALLEST_MEMORY

_REPOSITORY = r"(?!-)(?!\w+://[^/@]*:[^/@]*@)\S.*"
"""What may begin no option and holds no password: a flow file is for others to read."""
_TEXT = Setting(name="", kind=Kind.TEXT, shortest=1)
_PORT = Setting(
    name="", kind=Kind.TEXT, shortest=1, pattern=NAME.pattern, pattern_meaning=f"a port's name is {NAME_RULE}", title="Port"
)


def _made(name: str, kind: Kind, meaning: str, **more: Any) -> Setting:
    return Setting(name=name, kind=kind, meaning=meaning, title=more.pop("title", title_of(name)), **more)


_NAME = _made("name", Kind.TEXT, "What is shown; the id stays.")
_NOTES = _made("notes", Kind.LONG_TEXT, "What others should know, in Markdown.", default="")
_COLOR = _made("color", Kind.COLOR, "A colour to tell it by.", nullable=True)
_ENABLED = _made("enabled", Kind.BOOLEAN, "Whether it takes part in runs.", default=True)
_DROPPED = _made(
    "auto_terminate",
    Kind.LIST,
    "Outputs whose messages are dropped on purpose.",
    title="Dropped outputs",
    item=_PORT,
    default=[],
)

_GIT = _made(
    "git",
    Kind.GROUP,
    "A commit's code, in the place of code that is written here.",
    title="Code from git",
    nullable=True,
    fields=(
        _made("repo", Kind.TEXT, "Its address; a path starts at the flow file's folder.", title="Repository", required=True,
              shortest=1, pattern=_REPOSITORY, parameters=True,
              pattern_meaning="must be an address or a path, without a password: use ssh, or git's own store of passwords"),
        _made("commit", Kind.TEXT, "A commit's hash, which never means other code; or a tag or a branch.", required=True,
              shortest=1, pattern=r"[^-].*", parameters=True, pattern_meaning="must not begin with '-'"),
        _made("module", Kind.TEXT, "Which module of it, with dots: ext.processors.sample.", required=True, shortest=1,
              pattern=MODULE.pattern, parameters=True,
              pattern_meaning="must be a dotted module name, such as ext.processors.sample"),
        _made("requirements", Kind.TEXT, "A file in it that lists the packages it needs.", nullable=True, parameters=True),
    ),
)  # fmt: skip
_TESTS = _made(
    "tests",
    Kind.GROUPS,
    "Messages to try it on, and what is to come of them.",
    title="Tests",
    default=[],
    fields=(
        _made("name", Kind.TEXT, "What it shows.", default=""),
        _made("content", Kind.ANY, "The message's content.", required=True),
        _made("attributes", Kind.MAPPING, "The message's attributes.", item=Setting(name="", kind=Kind.TEXT), default={}),
        _made("port", Kind.TEXT, "The input that it comes to.", title="Input", default="in", shortest=1),
        _made("expect", Kind.MAPPING, "By output: the contents that are to come. None: it is only run.", title="Expected",
              item=Setting(name="", kind=Kind.LIST, item=Setting(name="", kind=Kind.ANY), default=[]), nullable=True),
    ),
)  # fmt: skip

_GENERAL = (_NAME, _COLOR, _ENABLED)
_PYTHON = _made("python", Kind.TEXT, "The version of Python, such as 3.12; none: the flow's, or PYFI's own.",
                title="Python version", nullable=True, pattern=PYTHON.pattern, pattern_meaning="must be a version such as 3.12",
                choices=("3.11", "3.12", "3.13"))  # fmt: skip
_CODE = (
    _GIT,
    _made("function", Kind.TEXT, "Which function of the code is called; by default the only one, or `process`.", nullable=True),
    _made("batch", Kind.BOOLEAN, "Give the function a list of contents instead of one.", default=False),
    _made("mode", Kind.CHOICE, "One process a message, or one a batch with a line for each.", choices=("message", "lines"),
          default="message"),
    _made("inputs", Kind.LIST, "The inputs; an empty list makes it a source.", nullable=True, item=_PORT, default=["in"]),
    _made("outputs", Kind.LIST, "The outputs.", nullable=True, item=_PORT, default=["success", "failure"]),
    _made("requirements", Kind.LIST, "Packages that the code needs, such as pandas>=2; `-r FILE` is a file that lists them.",
          item=_TEXT, default=[]),
    _PYTHON,
    _TESTS,
)  # fmt: skip
_RUNNING = (
    _made("schedule", Kind.SCHEDULE, "When it runs; by default a source once, any other whenever there is input."),
    _made("concurrency", Kind.INTEGER, "How many batches it works on at the same time.", default=1, minimum=1,
          maximum=MOST_COPIES),
    _made("retry", Kind.GROUP, "What happens to a message whose call raised an error.", default={}, fields=(
        _made("attempts", Kind.INTEGER, "How often it is tried again.", default=0, minimum=0),
        _made("penalty", Kind.DURATION, "How long it waits before.", default="30s", minimum=0),
    )),
    _made("timeout", Kind.DURATION, "How long one call may take.", default="60s", minimum=0),
    _made("memory", Kind.SIZE, "How much memory its process may take.", default="512MB", minimum=SMALLEST_MEMORY),
    _made("secrets", Kind.LIST, "Names of the secrets it may read.", item=_TEXT, default=[]),
    _made("replicas", Kind.GROUP, "How many copies a cluster runs, by how much waits.", default={}, advanced=True, fields=(
        _made("min", Kind.INTEGER, "At least.", title="At least", default=1, minimum=0, maximum=MOST_COPIES),
        _made("max", Kind.INTEGER, "At most.", title="At most", default=1, minimum=1, maximum=MOST_COPIES),
    )),
    _made("requires", Kind.LIST, "Labels of the nodes where it may run.", title="Node labels", item=_TEXT, default=[],
          advanced=True),
    _made("state", Kind.TEXT, "How its state is kept; by default by its type.", nullable=True, advanced=True),
)  # fmt: skip
_CONNECTION = (
    _made("name", Kind.TEXT, "What is shown on the connection."),
    _COLOR,
    _made("limit", Kind.GROUP, "How much may wait before the sender pauses; 0 is no limit.", default={}, fields=(
        _made("messages", Kind.INTEGER, "Messages.", default=10_000, minimum=0),
        _made("bytes", Kind.SIZE, "Their size together.", title="Size", default="1GB", minimum=0),
    )),
    _made("expire", Kind.DURATION, "How old a message may become while it waits; 0s: as old as it likes.", default="0s",
          minimum=0),
    _made("priority", Kind.TEXT, "Which message is next.", default="fifo", pattern=PRIORITY.pattern,
          choices=("fifo", "lifo", "oldest", "attribute:"),
          pattern_meaning="must be fifo, lifo, oldest or attribute:NAME"),
    _made("breakpoint", Kind.BOOLEAN, "Hold the messages here until they are let go.", default=False),
    _made("fuse", Kind.BOOLEAN, "Let both ends run together without a queue where that is possible.", default=True,
          advanced=True),
)  # fmt: skip
_LABEL = (
    _made("text", Kind.LONG_TEXT, "What it says, in Markdown.", default=""),
    _made("color", Kind.COLOR, "The colour of the paper.", nullable=True),
)
_HEADER = (
    _made("name", Kind.TEXT, "The flow's name.", required=True, shortest=1),
    _made("notes", Kind.LONG_TEXT, "What others should know, in Markdown.", default=""),
    _made("requirements", Kind.LIST, "Packages that all its Python processors have, beside their own.", item=_TEXT, default=[]),
    _PYTHON,
)
_ENDS = (
    _made("inputs", Kind.LIST, "The inputs of the subflow.", item=_PORT, default=[]),
    _made("outputs", Kind.LIST, "The outputs of the subflow.", item=_PORT, default=[]),
)
_PARAMETERS = _made(
    "parameters", Kind.MAPPING, "Values for the subflow's parameters.", item=Setting(name="", kind=Kind.ANY), default={},
    parameters=True,
)  # fmt: skip

SECTIONS = ("general", "ports", "running", "notes")
"""What `part_settings` groups by, in the order in which people want it."""


def part_settings(part: Part) -> dict[str, tuple[Setting, ...]]:
    """The settings of a part's kind by section (see `SECTIONS`); a section without settings is left out."""
    found = _sections(part)
    return {name: found[name] for name in SECTIONS if found.get(name)}


def _sections(part: Part) -> dict[str, tuple[Setting, ...]]:
    if isinstance(part, Processor):
        general = (*_GENERAL, *_only(part, "git", "function", "batch", "mode", "requirements", "python", "tests"))
        return {
            "general": general,
            "ports": (*_only(part, "inputs", "outputs"), _DROPPED),
            "running": _RUNNING,
            "notes": (_NOTES,),
        }
    if isinstance(part, Subflow):
        return {"general": (*_GENERAL, _PARAMETERS), "ports": (_DROPPED,), "notes": (_NOTES,)}
    if isinstance(part, Connection):
        return {"general": _CONNECTION}
    if isinstance(part, Label):
        return {"general": _LABEL}
    if isinstance(part, Header):
        return {"general": _HEADER}
    return {}


def _only(part: Processor, *names: str) -> tuple[Setting, ...]:
    """Those of the settings of user code that mean something to a processor's runtime."""
    if part.type not in CODE_TYPES:
        return ()
    barred = {"python": {"mode"}, "node": {"mode", "python"}, "bash": {"function", "batch", "requirements", "python"}}[
        part.type
    ]
    return tuple(each for each in _CODE if each.name in names and each.name not in barred)


def header_settings(*, is_definition: bool) -> tuple[Setting, ...]:
    """The settings of a flow, or of a definition, whose name is fixed and which has ports."""
    return (*_HEADER[1:], *_ENDS) if is_definition else _HEADER


def part_values(part: Part) -> dict[str, Any]:
    """What a flow file says of a part: only what differs from the defaults."""
    return {name: _listed(value) for name, value in part_tree(part).items()}


def _listed(value: Any) -> Any:
    """A list for a tuple, as a file has it."""
    return [*cast("tuple[Any, ...]", value)] if isinstance(value, tuple) else value


def attribute_of(kind: type[Part], name: str) -> str:
    """The field of a part's struct that a setting is kept in."""
    return PARTS[kind][0][name][0]


def read_value(kind: type[Part], name: str, value: Any) -> dict[str, Any]:
    """A setting's value as the field of the part's struct, for `edits.configure`; UNSET gives the field's default.

    Raises:
        ValueError: the value does not fit; the message is the end of a sentence that begins with the setting's name.
    """
    attribute, reader = PARTS[kind][0][name]
    if value is UNSET:
        return {attribute: _default(kind, attribute)}
    try:
        return {attribute: reader(value)}
    except FieldError as error:
        raise ValueError("; ".join(f"{path} {reason}".strip() for path, reason in error.reasons)) from None


def _default(kind: type[Part], attribute: str) -> Any:
    field = next(each for each in structs.fields(kind) if each.name == attribute)
    if field.required:
        raise ValueError("must be given")
    return field.default if not callable(field.default_factory) else field.default_factory()


class LineProblem(Struct, frozen=True):
    """What is wrong with a text, and in which line (from 1)."""

    line: int
    reason: str


def read_part_text(text: str, kind: type[Part]) -> tuple[Part | None, list[LineProblem]]:
    """The part that a text describes, or None and everything that is wrong, each with its line."""
    try:
        return load_part(text, kind), []
    except InvalidFlow as error:
        reasons = [getattr(problem, "reason", str(problem)) for problem in error.problems]
        return None, [LineProblem(_line_of(reason, text), reason) for reason in reasons]
    except FlowFileError as error:
        found = re.search(r"line (\d+)", str(error))
        return None, [LineProblem(int(found[1]) if found else 1, str(error).removeprefix("text: "))]


_PLACE = re.compile(r"`([^`]+)`|^'([^']+)'")


def _line_of(reason: str, text: str) -> int:
    """The line of the key that a reason begins with: `retry.attempts` is the `attempts` below `retry`."""
    found = _PLACE.match(reason)
    lines = text.splitlines()
    at = 0
    for key in (found[1] or found[2]).split(".") if found else ():
        place = re.compile(rf"[\s\-{{,]*[\"']?{re.escape(key)}[\"']?\s*:")
        at = next((number for number in range(at, len(lines)) if place.search(lines[number])), at)
    return at + 1


def reasons_by_setting(reasons: list[str], names: Mapping[str, Any]) -> dict[str, list[str]]:
    """Reasons by the setting that they are about, the first that they name; those about none are under ""."""
    found: dict[str, list[str]] = {}
    for reason in reasons:
        named = (match for match in re.findall(r"`(?:config\.)?(\w+)(?:[.:][^`]*)?`", reason) if match in names)
        found.setdefault(next(named, ""), []).append(reason)
    return found
