"""A Flow to the plain tree and the text of a flow file, defaults left out, always in the same order."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from msgspec import NODEFAULT, structs

from engine.model import codec_read
from engine.model.emit import WIDTH, entry_lines, inline, mapping_lines
from engine.model.field import Fields
from engine.model.flow import Connection, Flow, Header, Label, Part, Processor, Schedule, Subflow
from engine.model.quantity import format_duration, format_size

Writer = Callable[[Any], Any]


def _schedule(schedule: Schedule) -> Any:
    if schedule == Schedule(once=True):
        return "once"
    tree: dict[str, Any] = {}
    if schedule.every_s is not None:
        tree["every"] = format_duration(schedule.every_s)
    if schedule.cron is not None:
        tree["cron"] = schedule.cron
    if schedule.once:
        tree["once"] = True
    return tree


def _number(value: float) -> float:
    """A canvas number without a needless `.0`."""
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def _pair(value: tuple[float, float]) -> list[float]:
    return [_number(value[0]), _number(value[1])]


_WRITERS: dict[str, Writer] = {
    "timeout_s": format_duration,
    "penalty_s": format_duration,
    "expire_s": format_duration,
    "memory_bytes": format_size,
    "size_bytes": format_size,
    "schedule": _schedule,
    "position": _pair,
    "size": _pair,
    "bends": lambda bends: [_pair(bend) for bend in bends],
    "label_at": _number,
    "retry": lambda retry: _tree(retry, codec_read.RETRY),
    "replicas": lambda replicas: _tree(replicas, codec_read.REPLICAS),
    "limit": lambda limit: _tree(limit, codec_read.LIMIT),
    "git": lambda git: _tree(git, codec_read.GIT),
    "tests": lambda samples: [_tree(sample, codec_read.SAMPLE) for sample in samples],
}
_FILE_FIELDS: dict[type, Fields] = {
    Processor: codec_read.PROCESSOR,
    Subflow: codec_read.SUBFLOW,
    Connection: codec_read.CONNECTION,
    Label: codec_read.LABEL,
    Header: codec_read.HEADER,
}
_ALWAYS = frozenset({"id", "type", "flow", "from", "to", "content", "value"})
"""Keys that are written even where they have their default."""


def part_tree(part: Part) -> dict[str, Any]:
    """One part that stands alone, with its position and its dropped outputs."""
    return _tree(part, codec_read.PARTS[type(part)][0])


def part_text(part: Part) -> str:
    """One part as YAML."""
    return "\n".join(mapping_lines(part_tree(part), 0)) + "\n"


def flow_text(flow: Flow) -> str:
    """A whole flow file."""
    return "\n".join(["pyfi: 1", *_flow_lines(flow, 0)]) + "\n"


def _flow_lines(flow: Flow, indent: int) -> list[str]:
    steps = flow.steps.values()
    labels = flow.labels.values()
    lines = mapping_lines(_tree(flow.header, codec_read.HEADER), indent)
    if flow.parameters:
        lines += entry_lines("parameters", flow.parameters, indent)
    lines += _list_lines("processors", steps, indent, mapping_lines)
    lines += _list_lines("connections", flow.connections.values(), indent, _connection_lines)
    dropped = [f"{step.id}.{port}" for step in steps for port in step.auto_terminate]
    if dropped:
        lines += entry_lines("auto_terminate", dropped, indent)
    if flow.definitions:
        lines.append(f"{' ' * indent}subflows:")
        for definition in flow.definitions.values():
            inner = _flow_lines(definition, indent + 4)
            lines.append(f"{' ' * (indent + 2)}- {inner[0].lstrip(' ')}")
            lines += inner[1:]
    lines += _list_lines("labels", labels, indent, mapping_lines)
    places = {step.id: step.position for step in steps if step.position is not None}
    places |= {f"label:{label.id}": label.position for label in labels if label.position is not None}
    if places:
        lines.append(f"{' ' * indent}layout:")
        for key, position in places.items():
            lines += entry_lines(key, _pair(position), indent + 2)
    expanded = [step.id for step in steps if isinstance(step, Subflow) and step.expanded]
    if expanded:
        lines += entry_lines("expanded", expanded, indent)
    layers = {step.id: step.layer for step in steps if step.layer}
    if layers:
        lines += entry_lines("layers", layers, indent)
    return lines


def _list_lines(section: str, parts: Any, indent: int, write: Callable[[dict[str, Any], int, str], list[str]]) -> list[str]:
    """The lines of a section, one item a part; none when there are no parts."""
    if not parts:
        return []
    lines = [f"{' ' * indent}{section}:"]
    lead = f"{' ' * (indent + 2)}- "
    for part in parts:
        lines += write(_tree(part, _FILE_FIELDS[type(part)]), indent + 4, lead)
    return lines


def _connection_lines(tree: dict[str, Any], indent: int, lead: str) -> list[str]:
    """A connection: on one line if it fits."""
    text = inline(tree, WIDTH - len(lead))
    return mapping_lines(tree, indent, lead) if text is None else [lead + text]


def _tree(part: Any, fields: Fields) -> dict[str, Any]:
    defaults = _defaults(part.__class__)
    tree: dict[str, Any] = {}
    for key, (name, _) in fields.items():
        value = getattr(part, name)
        if value == defaults.get(name, NODEFAULT) and key not in _ALWAYS:
            continue
        write = _WRITERS.get(name)
        tree[key] = value if value is None or write is None else write(value)
    return tree


@cache
def _defaults(kind: type) -> dict[str, Any]:
    """The defaults of a struct's optional fields."""
    found: dict[str, Any] = {}
    for info in structs.fields(cast("Any", kind)):
        if not info.required:
            found[info.name] = info.default_factory() if info.default is NODEFAULT else info.default
    return found
