"""Which nodes of a cluster run what a card stands for, in few words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication

from app.canvas.card import NOWHERE, Runs
from app.words import counted
from engine.client.answer import ProcessorFigures

_SHOWN = 2
"""Names of nodes on a card."""
_LETTERS = 12
"""A badge leaves room for the type beside it."""


def runs_of(processors: Iterable[ProcessorFigures], labels: Sequence[str] = ()) -> Runs:
    """What a card says of the processors that it stands for: "a b +2", and in its hint all of it.

    `labels` are those that a node must have for it.
    """
    found = list(processors)
    if not any(each.nodes or each.trouble for each in found):
        waits = any(each.state == "running" for each in found)
        return Runs(QCoreApplication.translate("Card", "waits"), _waiting(labels)) if waits else NOWHERE
    nodes = list(dict.fromkeys(node for each in found for node in each.nodes))
    troubles = dict.fromkeys(each.trouble for each in found if each.trouble)
    lines: list[str] = []
    if nodes:
        one = QCoreApplication.translate("Card", "Runs on node {}")
        many = QCoreApplication.translate("Card", "Runs on {} nodes: {}").format("{}", ", ".join(sorted(nodes)))
        lines.append(counted(len(nodes), one.format(nodes[0]), many))
    return Runs(short(sorted(nodes)), "\n".join([*lines, *troubles]))


def _waiting(labels: Sequence[str]) -> str:
    if not labels:
        return QCoreApplication.translate("Card", "Waits for a node to run it.")
    one = QCoreApplication.translate("Card", "Waits for a node with the label {}.").format(labels[0])
    many = QCoreApplication.translate("Card", "Waits for a node with the labels {}.").format(", ".join(labels))
    return one if len(labels) == 1 else many


def short(nodes: Sequence[str]) -> str:
    """The first names, as far as there is room, and how many more there are."""
    shown: list[str] = []
    for node in nodes[:_SHOWN]:
        if shown and len(" ".join([*shown, node])) > _LETTERS:
            break
        shown.append(node if len(node) <= _LETTERS else f"{node[: _LETTERS - 1]}…")
    more = len(nodes) - len(shown)
    return " ".join([*shown, *([f"+{more}"] if more else [])])
