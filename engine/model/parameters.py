"""Parameters: named values that settings refer to as `${name}`.

A setting that is nothing but a reference takes the parameter's value with its type; inside other text the value is written out.
`$${` stands for a plain `${`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from msgspec import structs

from engine.errors import FlowFileError, NotFound, UsageError
from engine.model.flow import Flow, Git, Processor
from engine.model.problem import did_you_mean, shown
from engine.model.scalar import resolve as resolve_scalar

_REFERENCE = re.compile(r"\$\$\{|\$\{([^{}\n]*)\}")


def resolve(value: Any, parameters: Mapping[str, Any]) -> Any:
    """A value with every reference in its texts replaced. What holds no reference is returned as it is, not copied.

    Raises:
        NotFound: a reference to a parameter that there is not.
    """
    if isinstance(value, str):
        return _resolve_text(value, parameters) if "${" in value else value
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value)
        resolved = {key: resolve(item, parameters) for key, item in items.items()}
        return resolved if any(resolved[key] is not item for key, item in items.items()) else items
    if isinstance(value, list):
        entries = cast("list[Any]", value)
        replaced = [resolve(item, parameters) for item in entries]
        return replaced if any(new is not old for new, old in zip(replaced, entries, strict=True)) else entries
    return value


def _resolve_text(text: str, parameters: Mapping[str, Any]) -> Any:
    whole = _REFERENCE.fullmatch(text)
    if whole and whole[1] is not None:
        return _value(whole[1], parameters)
    return _REFERENCE.sub(lambda match: "${" if match[1] is None else as_text(_value(match[1], parameters)), text)


def _value(name: str, parameters: Mapping[str, Any]) -> Any:
    if name in parameters:
        return parameters[name]
    raise NotFound(undefined(name, parameters))


def undefined(name: str, parameters: Mapping[str, Any]) -> str:
    """What to say of a reference that leads nowhere."""
    cure = did_you_mean(name, parameters) or "; define it under `parameters`, or write $${ for a plain ${"
    return f"there is no parameter {shown(name)}{cure}"


def resolve_git(git: Git, parameters: Mapping[str, Any]) -> Git:
    """Where code comes from, with every reference replaced; a value that is no text is written out, as inside a text.

    Raises:
        NotFound: a reference to a parameter that there is not.
    """
    given = structs.asdict(git)
    found = {name: as_text(resolve(value, parameters)) for name, value in given.items() if value is not None}
    return structs.replace(git, **found)


def as_text(value: Any) -> str:
    """A parameter's value inside a longer text: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def references(value: Any) -> Iterator[str]:
    """The names that a value's texts refer to, in order, with repetitions."""
    if isinstance(value, str):
        if "${" in value:
            yield from (match[1] for match in _REFERENCE.finditer(value) if match[1] is not None)
    elif isinstance(value, dict):
        for item in cast("dict[str, Any]", value).values():
            yield from references(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from references(item)


def settings_of(step: Processor) -> dict[str, Any]:
    """What of a processor may hold references: its config, and where its code comes from."""
    return step.config if step.git is None else {**step.config, "git": structs.asdict(step.git)}


def escape(value: Any) -> Any:
    """A value as a setting must spell it so that `resolve` gives it back."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, dict):
        return {key: escape(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [escape(item) for item in cast("list[Any]", value)]
    return value


def respell(value: Any, spellings: Mapping[str, Any]) -> Any:
    """A value whose references are replaced by settings that may hold references themselves; escapes stay escapes."""
    if isinstance(value, str):
        whole = _REFERENCE.fullmatch(value)
        if whole and whole[1] is not None:
            return spellings.get(whole[1], value)
        return _REFERENCE.sub(
            lambda match: match[0] if match[1] is None or match[1] not in spellings else as_text(spellings[match[1]]), value
        )
    if isinstance(value, dict):
        return {key: respell(item, spellings) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [respell(item, spellings) for item in cast("list[Any]", value)]
    return value


def parse_settings(settings: Iterable[str]) -> dict[str, Any]:
    """Overrides from `name=value` texts. A value is read like a word in a flow file, so `5` is a number and `"5"` is text.

    Raises:
        UsageError: a text without a name or a `=`.
    """
    found: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{shown(setting)} sets nothing; write it as --set name=value")
        found[name.strip()] = _parse_value(text, name.strip())
    return found


def _parse_value(text: str, name: str) -> Any:
    try:
        if text.lstrip()[:1] not in ("[", "{", '"', "'"):
            return resolve_scalar(text)
        from engine.model.tree import read_tree  # imports yaml, which the desktop has no use for before it is painted

        value, problems = read_tree(text, f"--set {name}")
    except (FlowFileError, ValueError):
        return text
    if problems:
        raise UsageError("; ".join(str(problem) for problem in problems))
    return value


def override(flow: Flow, overrides: Mapping[str, Any]) -> Flow:
    """The flow with other values for some of its parameters.

    Raises:
        UsageError: the flow has no such parameter.
    """
    for name in overrides:
        if name not in flow.parameters:
            has = f"it has {', '.join(flow.parameters)}" if flow.parameters else "it has none"
            cure = did_you_mean(name, flow.parameters) or f"; {has}"
            raise UsageError(f"flow '{flow.name}' has no parameter {shown(name)}{cure}")
    return structs.replace(flow, parameters={**flow.parameters, **overrides}) if overrides else flow
