"""Operate, what can be done with what is selected, at hand: start, stop, run once, enable, disable, delete."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.board.picture import INPUT, OUTPUT
from app.page.flow_page import FlowPage
from app.panel.panel import Panel
from app.theme.fonts import wear_icon_size
from app.theme.icon import icon
from app.theme.icon_label import IconLabel
from app.theme.style_sheet import set_look
from app.words import type_title
from engine.model.flow import Connection, Processor, Subflow

_BUTTONS = ("start_selected", "stop_selected", "run_once", "enable", "disable", "delete")
_WHOLE = {"start_selected": "run", "stop_selected": "stop"}
"""What buttons do when nothing is selected: the same, with the whole flow."""


class Operate(Panel):
    """Shows the selection's name and type, and a button for each of some of the window's actions (by their ids)."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Operate"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._actions = actions
        self._glyph = IconLabel(icon("subflow"), 22)
        self._name, self._kind = QLabel(), QLabel()
        self._words = ("", "")
        for label, look in ((self._name, "heading"), (self._kind, "small")):
            set_look(label, look)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.buttons: dict[str, QToolButton] = {}
        self._arrange()
        self.show_page(None)

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._kind)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._glyph)
        head.addLayout(words, 1)
        row = QHBoxLayout()
        row.setSpacing(2)
        for id in _BUTTONS:
            button = self.buttons[id] = QToolButton()
            wear_icon_size(button, 18)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(row)

    # -- what it follows

    def _on_page_shown(self, page: FlowPage | None) -> None:
        if page is not None:
            self._hear(page.viewer.selected, self._renew)
            self._hear(page.document.changed, self._renew)
        self._renew()

    @property
    def words(self) -> tuple[str, str]:
        """The name and the kind that are shown."""
        return self._words

    def _renew(self) -> None:
        page = self.page
        keys = page.viewer.selected_keys() if page is not None else []
        for id, button in self.buttons.items():
            action = self._actions[id if keys else _WHOLE.get(id, id)]
            if button.defaultAction() is not action:
                for before in button.actions():  # a button with several would offer them in a menu
                    button.removeAction(before)
                button.setDefaultAction(action)
            button.setAccessibleName(action.text().replace("&", ""))
        self.setEnabled(page is not None)
        glyph, *words = self._described(page, keys)
        self._glyph.set_icon(icon(glyph))
        self._words = (words[0], words[1])
        self._elide()

    def _described(self, page: FlowPage | None, keys: list[str]) -> tuple[str, str, str]:
        """The icon, the name and the kind of what is selected."""
        if page is None:
            return "processor", self.tr("No flow is open"), ""
        if len(keys) > 1:
            return "grid", self.tr("%n parts", "", len(keys)), self._counted(page, keys)
        if keys:
            return self._one(page, keys[0])
        count = len(page.board.level.steps)
        steps = self.tr("1 step") if count == 1 else self.tr("%n steps", "", count)
        if page.board.place.steps:
            return "subflow", page.board.place.steps[-1], self.tr("Subflow, {}").format(steps)
        return "subflow", page.title, self.tr("Flow, {}").format(steps)

    def _one(self, page: FlowPage, key: str) -> tuple[str, str, str]:
        level = page.board.level
        part = level.steps.get(key) or level.connections.get(key)
        match part:
            case Processor():
                row = page.board.sheet.cards.rows.get(page.board.sheet.prefix + key)
                glyph = page.board.sheet.cards.card(row).icon if row >= 0 else "processor"
                return glyph, part.name or key, type_title(part.type)
            case Subflow():
                return "subflow", part.name or key, self.tr("Subflow {}").format(part.flow)
            case Connection():
                return "connection", part.name or key.replace("->", " → "), self.tr("Connection")
            case _ if key.startswith(INPUT):
                return "input", key.removeprefix(INPUT), self.tr("Input port")
            case _ if key.startswith(OUTPUT):
                return "output", key.removeprefix(OUTPUT), self.tr("Output port")
            case _:
                return "label", self.tr("Label"), ""

    def _counted(self, page: FlowPage, keys: list[str]) -> str:
        level = page.board.level
        steps = sum(key in level.steps for key in keys)
        links = sum(key in level.connections for key in keys)
        others = len(keys) - steps - links
        counts = (
            self.tr("1 step") if steps == 1 else self.tr("%n steps", "", steps) if steps else "",
            self.tr("1 connection") if links == 1 else self.tr("%n connections", "", links) if links else "",
            self.tr("1 other") if others == 1 else self.tr("%n others", "", others) if others else "",
        )
        return ", ".join(filter(None, counts))

    # -- room

    def _elide(self) -> None:
        for label, words in zip((self._name, self._kind), self._words, strict=True):
            label.setText(label.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, label.width()))
            label.setToolTip(words)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """More room, more of the name."""
        super().resizeEvent(event)
        self._elide()
