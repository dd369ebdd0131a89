"""Looking into what processors keep (`ctx.state`, a merge's rows, a source's position), and having them forget it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from engine.errors import NotFound
from engine.ledger.base import Ledger
from engine.model.problem import did_you_mean, shown
from engine.runtime.hosts import values
from engine.runtime.readable import as_json


class StateRow(Struct, frozen=True):
    """One key of a processor's state; `type` is the Python type of its value, `size` its bytes."""

    key: str
    type: str
    value: Any
    size: int


class StepState(Struct, frozen=True):
    """The first rows of a processor's state in the order of their keys, and whether there are `more`.

    Of a source: how many messages it has made since it began (`made`, otherwise None), and whether it is through.
    """

    rows: list[StateRow]
    more: bool = False
    made: int | None = None
    is_through: bool = False


def read_state(ledger: Ledger, name: str, step: str, *, limit: int = 1000, longest: int = 100_000) -> StepState:
    """What a step of a deployment keeps.

    Raises:
        NotFound: there is no such step.
    """
    deployment, number = _numbers(ledger, name, step)
    found = sorted(ledger.read_state(number, most=limit + 1).items())
    rows: list[StateRow] = []
    for key, (packed, _) in found[:limit]:
        value = values.unpack(packed)
        rows.append(StateRow(key, type(value).__name__, as_json(value, longest), len(packed)))
    source = ledger.sources(deployment).get(number)
    made, is_through = (source.yielded, source.done) if source is not None else (None, False)
    return StepState(rows, len(found) > limit, made, is_through)


def clear_state(ledger: Ledger, name: str, step: str) -> tuple[int, list[str]]:
    """Forget a step's state, timer and position; returns how many rows there were, and files to delete.

    Nobody may be running it.
    """
    _, number = _numbers(ledger, name, step)
    count = len(ledger.read_state(number))
    return count, ledger.clear_state(number)


def _numbers(ledger: Ledger, name: str, step: str) -> tuple[int, int]:
    found = ledger.registration(name)
    if found is None:
        raise NotFound(f"no flow {shown(name)} has run in this workspace; `pyfi queue ls` shows those that have")
    steps = found[0].steps
    if step not in steps:
        raise NotFound(f"the flow has no processor {shown(step)}{did_you_mean(step, steps) or '; check the name'}")
    return found[0].deployment, steps[step]
