"""A plain tree, as a flow file holds it, to a Flow. What does not fit becomes Problems, all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import structs

from engine.model import field
from engine.model.field import FieldError, Fields
from engine.model.flow import (
    Connection,
    Flow,
    Git,
    Header,
    Label,
    Limit,
    Parameter,
    Part,
    Processor,
    Replicas,
    Retry,
    Sample,
    Schedule,
    Subflow,
)
from engine.model.problem import Problem, did_you_mean, shown

FORMAT = 1
"""The version of the file format, under the key `pyfi`."""


def _schedule(value: Any) -> Schedule:
    if value == "once":
        return Schedule(once=True)
    if value.__class__ is not dict:
        raise field.wrong('once, {every: 5s} or {cron: "*/5 * * * *"}', value)
    fields: Fields = {"every": ("every_s", field.duration), "cron": ("cron", field.text), "once": ("once", field.flag)}
    return Schedule(**field.read_fields(value, fields))


_NAMES = field.many(field.name)
RETRY: Fields = {"attempts": ("attempts", field.whole), "penalty": ("penalty_s", field.duration)}
REPLICAS: Fields = {"min": ("min", field.whole), "max": ("max", field.whole)}
LIMIT: Fields = {"messages": ("messages", field.whole), "bytes": ("size_bytes", field.size)}
GIT: Fields = {
    "repo": ("repo", field.name),
    "commit": ("commit", field.name),
    "module": ("module", field.name),
    "requirements": ("requirements", field.nothing_or(field.text)),
}
SAMPLE: Fields = {
    "name": ("name", field.text),
    "port": ("port", field.text),
    "content": ("content", lambda value: value),
    "attributes": ("attributes", field.mapping_of(field.text)),
    "expect": ("expect", field.nothing_or(field.mapping_of(field.lists(lambda value: value)))),
}
_LOOK: Fields = {
    "enabled": ("enabled", field.flag),
    "notes": ("notes", field.text),
    "color": ("color", field.nothing_or(field.text)),
}
_PLACE: Fields = {"position": ("position", field.nothing_or(field.pair))}
_LAYER: Fields = {"layer": ("layer", field.layer)}
_FRAME: Fields = {"expanded": ("expanded", field.flag)}
_ENDS: Fields = {"auto_terminate": ("auto_terminate", _NAMES)}

PROCESSOR: Fields = {
    "id": ("id", field.name),
    "type": ("type", field.name),
    "name": ("name", field.text),
    "config": ("config", field.mapping),
    "code": ("code", field.nothing_or(field.text)),
    "git": ("git", field.nothing_or(field.struct(Git, GIT, ("repo", "commit", "module")))),
    "function": ("function", field.nothing_or(field.name)),
    "inputs": ("inputs", field.nothing_or(_NAMES)),
    "outputs": ("outputs", field.nothing_or(_NAMES)),
    "concurrency": ("concurrency", field.whole),
    "schedule": ("schedule", _schedule),
    "retry": ("retry", field.struct(Retry, RETRY)),
    "timeout": ("timeout_s", field.duration),
    "batch": ("batch", field.flag),
    "mode": ("mode", field.one_of("message", "lines")),
    "memory": ("memory_bytes", field.size),
    "replicas": ("replicas", field.struct(Replicas, REPLICAS)),
    "requires": ("requires", _NAMES),
    "requirements": ("requirements", _NAMES),
    "python": ("python", field.nothing_or(field.text)),
    "secrets": ("secrets", _NAMES),
    "state": ("state", field.nothing_or(field.text)),
    **_LOOK,
    "tests": ("tests", field.many(field.struct(Sample, SAMPLE, ("content",)))),
}
SUBFLOW: Fields = {
    "id": ("id", field.name),
    "flow": ("flow", field.name),
    "name": ("name", field.text),
    "parameters": ("parameters", field.mapping),
    **_LOOK,
}
CONNECTION: Fields = {
    "from": ("source", field.name),
    "to": ("target", field.name),
    "name": ("name", field.text),
    "limit": ("limit", field.struct(Limit, LIMIT)),
    "expire": ("expire_s", field.duration),
    "priority": ("priority", field.name),
    "breakpoint": ("breakpoint", field.flag),
    "fuse": ("fuse", field.flag),
    "bends": ("bends", field.many(field.pair)),
    **_LAYER,
    "color": ("color", field.nothing_or(field.text)),
    "label_at": ("label_at", field.nothing_or(field.share)),
}
LABEL: Fields = {
    "id": ("id", field.name),
    "text": ("text", field.text),
    "color": ("color", field.nothing_or(field.text)),
    "size": ("size", field.nothing_or(field.pair)),
}
PARAMETER: Fields = {"name": ("name", field.name), "value": ("value", lambda value: value)}
HEADER: Fields = {
    "name": ("name", field.name),
    "inputs": ("inputs", _NAMES),
    "outputs": ("outputs", _NAMES),
    "notes": ("notes", field.text),
    "requirements": ("requirements", _NAMES),
    "python": ("python", field.nothing_or(field.text)),
}
SECTIONS = (
    *("pyfi", *HEADER, "parameters", "processors", "connections", "auto_terminate", "subflows", "labels", "layout", "expanded"),
    "layers",
)

PARTS: dict[type, tuple[Fields, tuple[str, ...]]] = {
    Processor: ({**PROCESSOR, **_ENDS, **_PLACE, **_LAYER}, ("id", "type")),
    Subflow: ({**SUBFLOW, **_ENDS, **_PLACE, **_FRAME, **_LAYER}, ("id", "flow")),
    Connection: (CONNECTION, ("from", "to")),
    Label: ({**LABEL, **_PLACE}, ("id",)),
    Parameter: (PARAMETER, ("name",)),
    Header: (HEADER, ("name",)),
}
"""Kind of part to its keys and the required ones, for a part that stands alone (with its position and dropped outputs)."""


def read_part(tree: Any, kind: type[Part], source: str) -> tuple[Part | None, list[Problem]]:
    """One part that stands alone."""
    fields, required = PARTS[kind]
    try:
        return kind(**field.read_fields(field.mapping(tree), fields, required)), []
    except FieldError as error:
        return None, [Problem("", reason, source) for reason in field.sentences(error)]


def read_flow_tree(tree: Any, source: str) -> tuple[Flow | None, list[Problem]]:
    """A whole flow file and what is wrong with it.

    The flow holds what could be read, with a switched-off stand-in for each processor that could not, so that the rest can be
    checked all the same. It is None where even that would mislead.
    """
    problems = _Problems()
    if tree.__class__ is not dict:
        return None, [Problem("", "must be a mapping that begins with `pyfi: 1` and `name: ...`", source)]
    if tree and not any(key in SECTIONS for key in tree):
        return None, [Problem("", "is no flow file: that begins with `pyfi: 1` and `name: ...`; check its path", source)]
    version = tree.get("pyfi")
    if version.__class__ is not int or version < 1:
        said = f"`pyfi` must be {FORMAT}, not {shown(version)}" if "pyfi" in tree else "`pyfi: 1` is missing"
        problems.append(Problem("", f"{said}; the first key says the version of the format", source))
    elif version > FORMAT:
        reason = f"it is written in version {shown(version)} of the format, and this PYFI reads version {FORMAT}; update PYFI"
        return None, [Problem("", reason, source)]
    flow = _Level(tree, "", source, problems).read()
    return (flow if problems.can_stand_in else None), problems


class _Problems(list[Problem]):
    """The problems of a file. `can_stand_in`: for everything that could not be read there is a stand-in."""

    can_stand_in = True


class _Level:
    """Reads one flow: the file's own or a definition under `subflows`."""

    def __init__(self, raw: dict[str, Any], prefix: str, source: str, problems: _Problems) -> None:
        self._raw = raw
        self._prefix = prefix
        self._source = source
        self._problems = problems

    def read(self) -> Flow:
        raw = self._raw
        for key in raw:
            if key not in SECTIONS:
                self._report("", field.unknown_key(key, dict.fromkeys(SECTIONS)), "flow:")
                if did_you_mean(key, SECTIONS):
                    self._problems.can_stand_in = False
        header = self._header()
        steps = self._parts("processors", self._step)
        connections = self._parts("connections", self._connection)
        labels = self._parts("labels", self._label)
        steps = self._terminate(steps)
        steps, labels = self._place(steps, labels)
        steps = self._expand(steps)
        steps = self._stack(steps)
        return Flow(
            header=header or Header(name=""),
            parameters=self._section("parameters", field.mapping, {}),
            steps=steps,
            connections=connections,
            labels=labels,
            definitions=self._definitions(),
        )

    def _report(self, part: str, reason: str, key: str) -> None:
        if not part and self._prefix:
            part = f"subflow definition '{self._prefix[:-1]}'"
        self._problems.append(Problem(part, reason, self._source, self._prefix + key))

    def _reports(self, part: str, error: FieldError, key: str) -> None:
        for reason in field.sentences(error):
            self._report(part, reason, key)

    def _section(self, key: str, reader: field.Reader, default: Any) -> Any:
        """A part of the file; one that is left out or empty is the default."""
        value = self._raw.get(key)
        if value is None:
            return default
        try:
            return reader(value)
        except FieldError as error:
            self._reports("", FieldError(*((f"{key}.{path}" if path else key, said) for path, said in error.reasons)), "flow:")
            self._problems.can_stand_in = False
            return default

    def _header(self) -> Header | None:
        given = {key: value for key, value in self._raw.items() if key in HEADER and (value is not None or key == "name")}
        try:
            return Header(**field.read_fields(given, HEADER, ("name",)))
        except FieldError as error:
            self._reports("", error, "flow:")
            self._problems.can_stand_in = False
            return None

    def _parts(self, section: str, read: Callable[[Any, str], tuple[str, str, Any] | None]) -> dict[str, Any]:
        """The parts of a list section, by id. `read` gives (id, name for people, part)."""
        found: dict[str, Any] = {}
        for place, raw in enumerate(self._section(section, field.sequence, []), start=1):
            part = read(raw, f"{section.removesuffix('s')} number {place}")
            if part is None:
                self._problems.can_stand_in = False
                continue
            key, shown_as, value = part
            if key in found:
                self._report(shown_as, "is there twice; give one of them another id", key)
            found[key] = value
        return found

    def _read(self, raw: Any, place: str, kind: type, fields: Fields, required: tuple[str, ...]) -> Any:
        """A part; when something is wrong with it, the reports, and None."""
        try:
            return kind(**field.read_fields(field.mapping(raw), fields, required))
        except FieldError as error:
            key = ""
            part = place
            if raw.__class__ is dict:
                if isinstance(raw.get("id"), str):
                    key = raw["id"]
                    part = f"{kind.__name__.lower()} '{self._prefix}{key[:100]}'"
                elif isinstance(raw.get("from"), str) and isinstance(raw.get("to"), str):
                    key = f"{raw['from']}->{raw['to']}"
                    part = f"connection '{self._prefix}{key[:200]}'"
            self._reports(part, error, f"label:{key}" if kind is Label and key else key)
            return None

    def _step(self, raw: Any, place: str) -> tuple[str, str, Any] | None:
        is_subflow = raw.__class__ is dict and "flow" in raw and "type" not in raw
        kind, fields, required = (Subflow, SUBFLOW, ("id", "flow")) if is_subflow else (Processor, PROCESSOR, ("id", "type"))
        part = self._read(raw, place, kind, fields, required)
        if part is None and raw.__class__ is dict and isinstance(raw.get("id"), str):
            part = Processor(id=raw["id"], type="", enabled=False)
        return (part.id, f"{kind.__name__.lower()} '{self._prefix}{part.id}'", part) if part else None

    def _connection(self, raw: Any, place: str) -> tuple[str, str, Any] | None:
        part = self._read(raw, place, Connection, CONNECTION, ("from", "to"))
        if part is None and raw.__class__ is dict and isinstance(raw.get("from"), str) and isinstance(raw.get("to"), str):
            part = Connection(source=raw["from"], target=raw["to"])
        if part is None:
            return None
        key = part.id
        if part.source.count("->") or part.target.count("->"):
            self._report(f"connection '{self._prefix}{key}'", "an end may not hold '->'; it is `processor.port`", key)
        return (key, f"connection '{self._prefix}{key}'", part)

    def _label(self, raw: Any, place: str) -> tuple[str, str, Any] | None:
        part = self._read(raw, place, Label, LABEL, ("id",))
        return (part.id, f"label '{self._prefix}{part.id}'", part) if part else None

    def _terminate(self, steps: dict[str, Any]) -> dict[str, Any]:
        """Gives the parts the outputs that `auto_terminate` drops."""
        dropped: dict[str, dict[str, None]] = {}
        for end in self._section("auto_terminate", field.many(field.name), ()):
            step, dot, port = end.rpartition(".")
            if not dot or not port:
                self._report("", f"`auto_terminate` holds {shown(end)}, which is no `processor.port`", "flow:")
            elif step not in steps:
                if self._problems.can_stand_in:
                    reason = f"`auto_terminate` holds {shown(end)}, but there is no processor {shown(step)}"
                    self._report("", f"{reason}{did_you_mean(step, steps) or '; remove it'}", "flow:")
            elif port in dropped.setdefault(step, {}):
                self._report("", f"`auto_terminate` holds {shown(end)} twice; keep one", "flow:")
            else:
                dropped[step][port] = None
        for step, ports in dropped.items():
            steps[step] = structs.replace(steps[step], auto_terminate=tuple(ports))
        return steps

    def _place(self, steps: dict[str, Any], labels: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Gives parts their positions from `layout`; the key of a label there is `label:ID`."""
        layout = self._section("layout", field.mapping_of(field.pair), {})
        for key, position in layout.items():
            parts, name = (labels, key[6:]) if key.startswith("label:") else (steps, key)
            if name in parts:
                parts[name] = structs.replace(parts[name], position=position)
            elif self._problems.can_stand_in:
                reason = f"`layout` places {shown(key)}, which is no part of the flow"
                self._report("", f"{reason}{did_you_mean(name, parts) or '; remove it'}", "flow:")
        return steps, labels

    def _expand(self, steps: dict[str, Any]) -> dict[str, Any]:
        """Marks the subflows that `expanded` names."""
        for key in self._section("expanded", field.many(field.name), ()):
            step = steps.get(key)
            if isinstance(step, Subflow):
                steps[key] = structs.replace(step, expanded=True)
            elif self._problems.can_stand_in:
                subflows = [other for other, each in steps.items() if isinstance(each, Subflow)]
                reason = f"`expanded` holds {shown(key)}, which is no subflow of this flow"
                self._report("", f"{reason}{did_you_mean(key, subflows) or '; remove it'}", "flow:")
        return steps

    def _stack(self, steps: dict[str, Any]) -> dict[str, Any]:
        """Gives steps their layers from `layers`."""
        for key, layer in self._section("layers", field.mapping_of(field.layer), {}).items():
            if key in steps:
                steps[key] = structs.replace(steps[key], layer=layer)
            elif self._problems.can_stand_in:
                reason = f"`layers` holds {shown(key)}, which is no processor or subflow of this flow"
                self._report("", f"{reason}{did_you_mean(key, steps) or '; remove it'}", "flow:")
        return steps

    def _definitions(self) -> dict[str, Flow]:
        found: dict[str, Flow] = {}
        for place, raw in enumerate(self._section("subflows", field.sequence, []), start=1):
            if raw.__class__ is not dict:
                self._problems.can_stand_in = False
                self._report(f"subflow number {place}", str(field.wrong("a mapping", raw).reasons[0][1]), "flow:")
                continue
            name: Any = raw.get("name")
            known = isinstance(name, str) and bool(name)
            flow = _Level(raw, f"{self._prefix}{name if known else place}/", self._source, self._problems).read()
            if known and name in found:
                part = f"subflow definition '{self._prefix}{name}'"
                self._report(part, "is there twice; rename one of them", f"{name}/flow:")
            found[flow.header.name] = flow
        return found
