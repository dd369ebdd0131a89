"""What is said of a card when the pointer rests on it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.canvas.card import NOWHERE, STATISTICS, Kind
from app.canvas.card_columns import CardColumns
from app.canvas.paint.figure_painter import statistics_of


def hint_of(cards: CardColumns, row: int) -> str:
    """Where it runs, then the card's own hint; of a funnel, which shows nothing else, its name and its statistics before."""
    card, runs = cards.card(row), cards.runs.get(row, NOWHERE)
    if card.kind is not Kind.FUNNEL:
        return "\n".join(filter(None, (runs.hint, card.hint)))
    title = QCoreApplication.translate("FlowViewer", "{0} (funnel), last 5 minutes").format(card.name or card.key)
    lines = [f"{name}: {value}" for name, value in zip(STATISTICS, statistics_of(cards, row), strict=True)]
    return "\n".join(filter(None, (title, *lines, runs.hint, card.hint)))
