"""ChangeList, the parts that a deployment would have otherwise, and the stages that begin, restart or end for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.theme.fonts import scaled, wear_icon_size
from app.theme.icon import icon
from engine.model.change import Change
from engine.model.flow import Connection, Flow, Label, Processor, Subflow

if TYPE_CHECKING:
    from engine.client.cluster import Comparison

_MOST = 500
"""Rows of a group; nobody reads more."""


class ChangeList(QTreeWidget):
    """A group for each kind of change, with a row a part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("What changes"))
        self.setHeaderLabels([self.tr("Part"), self.tr("What happens")])
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.header().resizeSection(0, scaled(320))
        self.setUniformRowHeights(True)
        wear_icon_size(self, 14)

    def show_comparison(self, comparison: Comparison, flow: Flow) -> None:
        """Show what would change."""
        self.clear()
        if comparison.is_new:
            self._group(
                self.tr("New"),
                "plus",
                "running",
                [(step.name or step.id, self.tr("is added")) for step in flow.steps.values()],
            )
        else:
            changes = [change for change in comparison.changes if not isinstance(change.after or change.before, Label)]
            self._group(self.tr("Parts"), "edit", "accent", [self._said(change) for change in changes])
        for stages, title, words, glyph, role in (
            (comparison.begun, self.tr("Stages that begin"), self.tr("begins"), "run", "running"),
            (comparison.restarted, self.tr("Stages that restart"), self.tr("restarts; what waits stays"), "restart", "accent"),
            (comparison.gone, self.tr("Stages that end"), self.tr("ends"), "stop", "stopped"),
            (comparison.kept, self.tr("Stages that go on"), self.tr("untouched"), "check", "muted"),
        ):
            self._group(title, glyph, role, [(stage, words) for stage in stages], opened=title != self.tr("Stages that go on"))

    def _group(self, title: str, glyph: str, role: str, rows: Sequence[tuple[str, str]], *, opened: bool = True) -> None:
        if not rows:
            return
        group = QTreeWidgetItem([f"{title} ({len(rows)})", ""])
        group.setFirstColumnSpanned(True)
        self.addTopLevelItem(group)
        for name, words in rows[:_MOST]:
            item = QTreeWidgetItem([name, words])
            item.setIcon(0, icon(glyph, role=role))
            item.setToolTip(0, name)
            group.addChild(item)
        if len(rows) > _MOST:
            group.addChild(QTreeWidgetItem([self.tr("… and {} more").format(len(rows) - _MOST), ""]))
        group.setExpanded(opened)

    def _said(self, change: Change) -> tuple[str, str]:
        before, after = change.before, change.after
        words = self.tr("is added") if before is None else self.tr("is removed") if after is None else self.tr("is changed")
        part = after if after is not None else before
        match part:
            case Processor() | Subflow():
                return part.name or change.id, words
            case Connection():
                return change.id.replace("->", " → "), words
            case _:
                return change.id, words
