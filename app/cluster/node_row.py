"""Rows of the nodes' list: what is said of a node and of a slot. Decides and does nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QCoreApplication

from app.canvas import text

if TYPE_CHECKING:
    from engine.client.cluster import AgentView, Slot

COLUMNS = 7
_FRESH_S = 3.0


def _tr(words: str) -> str:
    return QCoreApplication.translate("NodeRow", words)


def _state(word: str) -> str:
    """What agents and workers say of themselves, in the language of the user."""
    known = {
        "running": _tr("running"),
        "starting": _tr("starting"),
        "stopped": _tr("stopped"),
        "broken": _tr("broken"),
        "free": _tr("waits"),
    }
    return known.get(word, word)


class SlotRow(Struct, frozen=True):
    """One replica of a stage; `node` is empty while nobody holds it."""

    node: str
    words: tuple[str, ...]
    trouble: str
    busy: int
    glyph: str

    def matches(self, typed: str) -> bool:
        """Whether it has all words of a filter."""
        own = " ".join((*self.words, self.trouble)).casefold()
        return all(word in own for word in typed.casefold().split())


class NodeRow(Struct, frozen=True):
    """A node and what it runs."""

    name: str
    words: tuple[str, ...]
    hint: str
    is_alive: bool
    is_enabled: bool
    slots: list[SlotRow]

    def matches(self, typed: str) -> bool:
        """Whether it, or something that it runs, has all words of a filter."""
        own = " ".join(self.words).casefold()
        return all(word in own for word in typed.casefold().split()) or any(slot.matches(typed) for slot in self.slots)


def slot_row(slot: Slot, deployments: Mapping[str, str]) -> SlotRow:
    """The row of a slot; `deployments` are names by id."""
    flow = deployments.get(slot.deployment_id, "")
    what = slot.stage or _tr("looks after it")
    state = _state(slot.state) if slot.is_held else _tr("lease has run out") if slot.agent else _tr("waits")
    number = f" #{slot.number + 1}" if slot.number else ""
    busy = f"{slot.busy}" if slot.busy else ""
    words = (f"{flow}: {what}{number}", state, slot.trouble, busy, "", "", "")
    return SlotRow(slot.agent or "", words, slot.trouble, slot.busy, "run" if slot.stage else "eye")


def node_row(agent: AgentView, slots: Iterable[SlotRow], now: datetime) -> NodeRow:
    """The row of a node, with those slots that it holds."""
    own = [slot for slot in slots if slot.node == agent.name]
    stages = sum(slot.glyph == "run" for slot in own)
    silent_s = (now - agent.seen_at).total_seconds()
    seen = _tr("now") if agent.is_alive and silent_s < _FRESH_S else _tr("{} ago").format(text.duration(max(0.0, silent_s)))
    state = _tr("gone") if not agent.is_alive else _state(agent.state) if agent.enabled else _tr("disabled")
    labels = ", ".join(label for label in agent.labels if not label.startswith("node:"))
    busy = sum(slot.busy for slot in own)
    words = (
        agent.name,
        state,
        _tr("{0} on {1} CPUs").format(stages, agent.cpus),
        str(busy) if busy else "",
        labels,
        agent.version,
        seen,
    )
    hint = "\n".join(
        (
            _tr("{0} at {1}, process {2}").format(agent.name, agent.address, agent.pid),
            _tr("{0}, {1} CPUs, {2} of memory").format(agent.system, agent.cpus, text.size(agent.memory_bytes)),
            _tr("Labels: {}").format(", ".join(agent.labels)),
        )
    )
    return NodeRow(agent.name, words, hint, agent.is_alive, agent.enabled, own)
