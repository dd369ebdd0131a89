"""FlowList, the stored flows with a search above them: open, duplicate, delete."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QMenu, QVBoxLayout, QWidget

from app.feed.background import in_background
from app.flows.flow_list_model import FlowListModel
from app.panel.panel import Blank, Stack, inset
from app.panel.row_delegate import RowDelegate
from app.panel.seen import Seen
from app.theme.icon import icon
from app.theme.style_sheet import set_look
from engine.errors import PyfiError

if TYPE_CHECKING:
    from engine.client.library import Shelved

_LOOK_MS = 2000


class FlowList(QWidget):
    """Asks `read` for the flows when it is shown, and every two seconds while it can be seen; others may make some, too."""

    opened = Signal(str)
    """The id of a flow that is to be opened."""
    duplicate_asked = Signal(str)
    delete_asked = Signal(str, str)
    """Id and name."""

    def __init__(
        self, read: Callable[[], Awaitable[list[Shelved]]], state_of: Callable[[str, str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Flows"))
        self._read = read
        self._is_reading = False
        self.model = FlowListModel(state_of)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Find a flow …"))
        self.field.setAccessibleName(self.tr("Find a flow"))
        self.field.setClearButtonEnabled(True)
        self.field.addAction(icon("search", role="muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.view = QListView()
        self._arrange()
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self.renew)
        self._seen = Seen(self)
        self._seen.changed.connect(self._on_seen)
        self.field.textChanged.connect(self._on_typed)
        self.field.installEventFilter(self)
        self.view.installEventFilter(self)
        self.view.activated.connect(lambda index: self.opened.emit(self.model.flows[index.row()].id))
        self.view.customContextMenuRequested.connect(self._on_menu_asked)

    def _arrange(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setAccessibleName(self.tr("Stored flows"))
        set_look(view, "flush")
        view.setIconSize(QSize(14, 14))
        view.setItemDelegate(RowDelegate(view))
        view.setUniformItemSizes(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._stack = Stack(view, Blank("database"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(inset(self.field))
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.field)

    # -- what it shows

    def _on_seen(self, seen: bool) -> None:
        """Read while somebody looks."""
        if seen:
            self.renew()
            self._clock.start()
        else:
            self._clock.stop()

    def renew(self) -> None:
        """Read the flows again."""
        if not self._is_reading:
            self._is_reading = True
            in_background(self._renew())

    async def _renew(self) -> None:
        try:
            flows = await self._read()
        except PyfiError as error:
            self._stack.say(str(error), "invalid", "invalid")
            return
        finally:
            self._is_reading = False
        chosen = self.chosen
        self.model.show(flows)
        self._choose(chosen.id if chosen is not None else "")
        self._say()

    def _on_typed(self, text: str) -> None:
        chosen = self.chosen
        self.model.filter(text)
        self._choose(chosen.id if chosen is not None else "")
        self._say()

    def _say(self) -> None:
        words = ""
        if not self.model.flows:
            words = (
                self.tr("No flow is called that.")
                if self.model.is_filtered
                else self.tr("There is no stored flow yet: make a new one, or open a file.")
            )
        self._stack.say(words, "database")

    @property
    def chosen(self) -> Shelved | None:
        """The flow that is selected."""
        index = self.view.currentIndex()
        return self.model.flows[index.row()] if index.isValid() and index.row() < len(self.model.flows) else None

    def _choose(self, id: str) -> None:
        """Select a flow, the first one if it is not there."""
        if self.model.flows:
            self.view.setCurrentIndex(self.model.index(max(0, self.model.row_of(id))))

    # -- what a hand does to it

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """From the field, arrows and Return go to the list."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = event.key()
        if watched is self.field and key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.view.setFocus(Qt.FocusReason.TabFocusReason)
            self.view.keyPressEvent(event)
            return True
        chosen = self.chosen
        if chosen is None:
            return False
        if watched is self.field and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(chosen.id)
            return True
        if watched is self.view and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_asked.emit(chosen.id, chosen.name)
            return True
        return False

    def _on_menu_asked(self, spot: QPoint) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("folder"), self.tr("&Open"), lambda: self.opened.emit(chosen.id))
        menu.addAction(icon("duplicate"), self.tr("D&uplicate"), lambda: self.duplicate_asked.emit(chosen.id))
        menu.addSeparator()
        menu.addAction(icon("trash"), self.tr("&Delete …"), lambda: self.delete_asked.emit(chosen.id, chosen.name))
        menu.popup(self.view.viewport().mapToGlobal(spot))
