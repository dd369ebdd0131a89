"""Palette, everything that can be put on the canvas, by what it is for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QObject, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.help.shown import show_help_for
from app.help.topic import set_topic, topic_of_type
from app.page.component import MIME, Component, around, fitting, processors
from app.page.flow_page import FlowPage
from app.panel.panel import Panel, inset
from app.panel.row_delegate import RowDelegate
from app.theme.fonts import wear_icon_size
from app.theme.icon import icon
from app.theme.style_sheet import set_look

_COMPONENT = int(Qt.ItemDataRole.UserRole)
_CATEGORY = _COMPONENT + 1


class Palette(Panel):
    """A tree of components: drag one to its place, or Return or a double click for the middle. Without a page it only shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Palette"))
        self._offered: Sequence[Component] = ()
        self._closed: set[str] = set()
        """Categories that the user has closed."""
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Find …"))
        self.field.setAccessibleName(self.tr("Find a component"))
        self.field.setClearButtonEnabled(True)
        self.field.addAction(icon("search", role="muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.tree = ComponentTree()
        self.tree.setAccessibleName(self.tr("Components"))
        self._summary = QLabel()
        self._summary.setWordWrap(True)
        self._summary.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._summary.setMinimumHeight(self._summary.fontMetrics().lineSpacing() * 4)
        set_look(self._summary, "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.help_button = QToolButton()
        self.help_button.setIcon(icon("help", role="muted"))
        self.help_button.setToolTip(self.tr("What the manual says about the chosen component (F1)"))
        self.help_button.setAccessibleName(self.tr("Manual"))
        self.help_button.clicked.connect(lambda: show_help_for(self.tree))
        above = QHBoxLayout()
        above.setSpacing(0)
        above.addLayout(inset(self.field), 1)
        above.addWidget(self.help_button)
        above.addSpacing(6)
        column.addLayout(above)
        column.addWidget(self.tree, 1)
        column.addLayout(inset(self._summary))
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.tree.currentItemChanged.connect(self._on_current_changed)
        self.tree.itemActivated.connect(self._on_activated)
        self.tree.itemCollapsed.connect(lambda item: self._closed.add(item.data(0, _CATEGORY)))
        self.tree.itemExpanded.connect(lambda item: self._closed.discard(item.data(0, _CATEGORY)))
        self._set_usable(page=None)

    def _titles(self) -> dict[str, str]:
        """What categories are called, in the order in which they stand."""
        return {
            "parts": self.tr("Parts"),
            "code": self.tr("Your own code"),
            "sources": self.tr("Sources"),
            "routing": self.tr("Routing"),
            "transforms": self.tr("Transforms"),
            "timing": self.tr("Pace"),
            "network": self.tr("Network"),
            "database": self.tr("Databases"),
            "sinks": self.tr("Sinks"),
            "monitoring": self.tr("Watching"),
            "subflows": self.tr("Subflows of this flow"),
        }

    # -- what it follows

    def _on_page_shown(self, page: FlowPage | None) -> None:
        if page is not None:
            self._hear(page.board.level_changed, self._renew)
            self._hear(page.document.changed, self._renew)
        self._set_usable(page)
        if self._offered:
            self._renew()
        else:  # what there is costs reading all types; a window that opens with a flow is painted first
            QTimer.singleShot(0, self, self._renew)

    def _set_usable(self, page: FlowPage | None) -> None:
        self.tree.setEnabled(page is not None)
        self.tree.setDragEnabled(page is not None)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The types are read when they are first seen, after the window is painted."""
        super().showEvent(event)
        if not self._offered:
            QTimer.singleShot(0, self, self._renew)

    def _renew(self) -> None:
        """Offer what there is now, if that is other than before."""
        if not self.isVisible() and not self._offered:
            return
        offered = [*processors(), *(around(self.page.board.scope) if self.page is not None else ())]
        if offered != self._offered:
            self._offered = offered
            self._fill()

    # -- the tree

    def _fill(self) -> None:
        text = self.field.text()
        found = fitting(self._offered, text)
        current = self._current()
        tree = self.tree
        tree.clear()
        groups: dict[str, list[Component]] = {}
        for component in found:
            groups.setdefault(component.category, []).append(component)
        titles = self._titles()
        closed = frozenset() if text.strip() else frozenset(self._closed)
        order = list(titles)
        with QSignalBlocker(tree):
            for category in sorted(groups, key=lambda name: order.index(name) if name in order else len(order)):
                title = titles.get(category, category.capitalize())
                self._add_group(category, title, groups[category], is_open=category not in closed)
        best = found[0] if found and text.strip() else current
        self._choose(best)
        if self._offered and not found:
            self._summary.setText(self.tr("Nothing is called “{}”.").format(text.strip()))

    def _add_group(self, category: str, title: str, components: Iterable[Component], *, is_open: bool) -> None:
        group = QTreeWidgetItem(self.tree, [title])
        group.setData(0, _CATEGORY, category)
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = self.tree.font()
        font.setBold(True)
        group.setFont(0, font)
        for component in components:
            item = QTreeWidgetItem(group, [component.title])
            item.setIcon(0, icon(component.icon))
            item.setToolTip(0, component.summary)
            item.setData(0, _COMPONENT, component)
        group.setExpanded(is_open)

    def _current(self) -> Component | None:
        item = self.tree.currentItem()
        return item.data(0, _COMPONENT) if item is not None else None

    def _choose(self, component: Component | None) -> None:
        """Make a component the current one, if it is there to be seen."""
        for item in self._items():
            group = item.parent()
            if item.data(0, _COMPONENT) == component and group is not None and group.isExpanded():
                self.tree.setCurrentItem(item)
                return
        self._on_current_changed(None)

    def _items(self) -> Iterable[QTreeWidgetItem]:
        for number in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(number)
            yield from (group.child(row) for row in range(group.childCount()))  # type: ignore[union-attr]

    def _on_current_changed(self, item: QTreeWidgetItem | None) -> None:
        component: Component | None = item.data(0, _COMPONENT) if item is not None else None
        topic = topic_of_type(component.type) if component is not None else ""
        for widget in (self.field, self.tree):
            set_topic(widget, topic)  # "": the panel's
        if component is None:
            words = self.tr("Drag a component onto the canvas, or press Return to have it in the middle.")
            if self.page is None:
                words = self.tr("Open a flow to add components to it.")
            self._summary.setText(words)
            return
        lines = [component.summary]
        if component.inputs:
            lines.append(self.tr("Takes: {}").format(", ".join(component.inputs)))
        if component.outputs:
            lines.append(self.tr("Gives: {}").format(", ".join(component.outputs)))
        self._summary.setText("\n".join(lines))

    # -- adding

    def _on_activated(self, item: QTreeWidgetItem | None) -> None:
        component: Component | None = item.data(0, _COMPONENT) if item is not None else None
        if component is not None and self.page is not None:
            self.page.add_in_middle(component)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Arrows and Return in the field work on the tree."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
                self.tree.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._on_activated(self.tree.currentItem())
                return True
            if event.key() == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                return True
        return super().eventFilter(watched, event)


class ComponentTree(QTreeWidget):
    """Groups of components, which can be dragged."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        set_look(self, "flush")
        wear_icon_size(self, 16)
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setItemDelegate(RowDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setExpandsOnDoubleClick(True)

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        """What is dragged."""
        return [MIME]

    def mimeData(self, items: Sequence[QTreeWidgetItem], /) -> QMimeData:  # noqa: N802 - Qt's name
        """The component of an item."""
        component: Component | None = items[0].data(0, _COMPONENT) if items else None
        return component.mime() if component is not None else QMimeData()

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's name
        """A component is copied to the canvas; the palette keeps its own."""
        return Qt.DropAction.CopyAction
