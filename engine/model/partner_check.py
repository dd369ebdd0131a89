"""Checks of settings that name another step: it must be there, and of the type that the setting asks for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.catalog import Catalog
from engine.model.flatten import FlatFlow
from engine.model.problem import did_you_mean, listed, shown


def check_partners(flat: FlatFlow, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Steps whose settings name no fitting partner, each with the reason."""
    for key, step in flat.steps.items():
        declaration = catalog.get(step.processor.type)
        if declaration is None or not step.processor.enabled:
            continue
        for field, wanted in declaration.partners.items():
            name = step.processor.config.get(field)
            if isinstance(name, str) and (reason := _reason(flat, key, name, wanted)):
                yield key, f"`config.{field}` {reason}"


def _reason(flat: FlatFlow, key: str, name: str, wanted: str) -> str:
    """Why a name, as the step `key` gives it, is none of a step of the wanted type."""
    beside = key[: key.rfind("/") + 1]
    found = flat.steps.get(name[1:] if name.startswith("/") else beside + name)
    if found is not None and found.processor.type == wanted:
        return ""
    what = "which is not there" if found is None else f"which is of type {found.processor.type}, not {wanted}"
    # As they would be written here: those of the same subflow by their ids, any other from the top of the flow.
    known = [
        id.removeprefix(beside) if id.startswith(beside) else f"/{id}"
        for id, each in flat.steps.items()
        if each.processor.type == wanted
    ]
    return f"names {shown(name)}, {what}{_cure(name, known, wanted)}"


def _cure(name: str, known: list[str], wanted: str) -> str:
    same_id = [each for each in known if each.rpartition("/")[2] == name.rpartition("/")[2]]
    if same_id:
        return f"; did you mean '{same_id[0]}'?"
    if close := did_you_mean(name, known):
        return close
    return f"; it can be {listed(known)}" if known else f"; add a processor of type {wanted}"
