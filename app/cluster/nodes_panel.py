"""NodesPanel, the machines of a target: what each of them is, has to do, and how its work goes."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.cluster.node_row import COLUMNS, NodeRow, SlotRow, node_row, slot_row
from app.cluster.remote import Remote
from app.panel.panel import Blank, Panel, Stack
from app.panel.seen import Seen
from app.theme.current import current_theme
from app.theme.fonts import scaled, wear_icon_size
from app.theme.icon import icon
from app.theme.style_sheet import set_look

_NODE = int(Qt.ItemDataRole.UserRole)
_WIDTHS = (250, 120, 110, 60, 180, 80, 100)


class NodesPanel(Panel):
    """Follows the target of the page in front. It is asked for its nodes only while they can be seen."""

    enable_asked = Signal(str, bool)
    """Have a node take work, or none any more."""
    forget_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Nodes"))
        self._remote: Remote | None = None
        self._opened: dict[str, bool] = {}
        """Which nodes were opened or closed by hand."""
        self.field = QLineEdit()
        self.tree = QTreeWidget()
        self.enable_button = self._button("enable", self.tr("Let the node take work"))
        self.disable_button = self._button("disable", self.tr("Give the node no more work; what it runs moves to others"))
        self.forget_button = self._button("trash", self.tr("Forget the node: it is no more"))
        self.copy_button = QPushButton(icon("copy"), self.tr("Copy the Command"))
        self._arrange()
        self._seen = Seen(self)
        self._seen.changed.connect(lambda _: self._show_wanted())
        self.field.textChanged.connect(lambda _: self._fill())
        self.tree.itemSelectionChanged.connect(self._show_buttons)
        self.tree.itemExpanded.connect(lambda item: self._note(item, opened=True))
        self.tree.itemCollapsed.connect(lambda item: self._note(item, opened=False))
        self.tree.customContextMenuRequested.connect(self._on_menu_asked)
        self.enable_button.clicked.connect(lambda: self._ask(enabled=True))
        self.disable_button.clicked.connect(lambda: self._ask(enabled=False))
        self.forget_button.clicked.connect(self._on_forget_clicked)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.show_remote(None)

    def _button(self, glyph: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(glyph))
        wear_icon_size(button, 16)
        button.setToolTip(words)
        button.setAccessibleName(words.partition(":")[0].partition(";")[0])
        return button

    def _arrange(self) -> None:
        self.field.setPlaceholderText(self.tr("Filter by node, label, stage or state …"))
        self.field.setAccessibleName(self.tr("Filter the nodes"))
        self.field.setClearButtonEnabled(True)
        self.field.addAction(icon("filter", role="muted"), QLineEdit.ActionPosition.LeadingPosition)
        tree = self.tree
        tree.setAccessibleName(self.tr("Nodes and what they run"))
        tree.setHeaderLabels(
            [
                self.tr("Node"),
                self.tr("State"),
                self.tr("Load"),
                self.tr("Busy"),
                self.tr("Labels"),
                self.tr("PYFI"),
                self.tr("Last seen"),
            ]
        )
        set_look(tree, "flush")
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        wear_icon_size(tree, 14)
        for column, width in enumerate(_WIDTHS):
            tree.header().resizeSection(column, scaled(width))
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 6, 8, 6)
        bar.setSpacing(6)
        for widget in (self.field, self.enable_button, self.disable_button, self.forget_button):
            bar.addWidget(widget)
        blank = Blank("cluster")
        self._stack = Stack(tree, blank)
        layout = blank.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(3, self.copy_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.field)

    # -- what it follows

    def show_remote(self, remote: Remote | None) -> None:
        """Show the nodes of a target; None: of none."""
        if self._remote is not None:
            self._remote.situation_changed.disconnect(self._fill)
            self._remote.show_nodes(wanted=False)
        self._remote = remote
        if remote is not None:
            remote.situation_changed.connect(self._fill)
        self._show_wanted()
        self._fill()

    def _show_wanted(self) -> None:
        if self._remote is not None:
            self._remote.show_nodes(wanted=self._seen.now)

    @property
    def command(self) -> str:
        """What starts an agent of the target."""
        return f"pyfi agent start --target {self._remote.name}" if self._remote is not None else ""

    # -- what it shows

    def _fill(self) -> None:
        remote = self._remote
        situation = remote.situation if remote is not None else None
        agents = situation.agents if situation is not None else ()
        self.copy_button.setVisible(situation is not None and not agents)
        if remote is None:
            self._stack.say(self.tr("The flow runs on this machine. Choose a target beside Run to see its nodes."), "computer")
        elif situation is None and remote.trouble:
            self._stack.say(remote.trouble, "invalid", "invalid")
        elif situation is None:
            self._stack.say(self.tr("Asking “{}” for its nodes …").format(remote.name), "cluster")
        elif not agents:
            words = self.tr("No agent of “{0}” was ever started. Run this on every machine that is to work:\n\n{1}")
            self._stack.say(words.format(remote.name, self.command), "cluster")
        else:
            self._stack.say("")
            names = {each.id: each.name for each in situation.deployments}
            slots = [slot_row(slot, names) for slot in situation.slots]
            self._show_rows([node_row(agent, slots, situation.now) for agent in agents])
            self._show_homeless([slot for slot in slots if not slot.node])
        self._show_buttons()

    def _show_rows(self, rows: Iterable[NodeRow]) -> None:
        """Rows are kept where they are: a list that is made anew every second cannot be read or clicked."""
        shown = [row for row in rows if row.matches(self.field.text())]
        chosen, tree = self._chosen_name(), self.tree
        known = {self._name(item): item for item in self._items()}
        for name in known.keys() - {row.name for row in shown}:
            tree.takeTopLevelItem(tree.indexOfTopLevelItem(known[name]))
        for row in shown:
            item = known.get(row.name)
            if item is None:
                item = QTreeWidgetItem()
                item.setData(0, _NODE, row.name)
                tree.addTopLevelItem(item)
            self._show_node(item, row)
            item.setExpanded(self._opened.get(row.name, True))
            if row.name == chosen:
                item.setSelected(True)

    def _show_node(self, item: QTreeWidgetItem, row: NodeRow) -> None:
        theme = current_theme()
        for column, words in enumerate(row.words):
            item.setText(column, words)
            item.setForeground(column, _color(theme.text if row.is_alive and row.is_enabled else theme.disabled))
            item.setToolTip(column, row.hint)
        item.setIcon(0, icon("computer", role="running" if row.is_alive and row.is_enabled else "muted"))
        self._show_slots(item, row.slots, dead=not row.is_alive)

    def _show_slots(self, item: QTreeWidgetItem, slots: list[SlotRow], *, dead: bool = False) -> None:
        theme = current_theme()
        while item.childCount() > len(slots):
            item.takeChild(item.childCount() - 1)
        while item.childCount() < len(slots):
            item.addChild(QTreeWidgetItem())
        children = [child for number in range(len(slots)) if (child := item.child(number)) is not None]
        for child, slot in zip(children, slots, strict=True):
            color = theme.disabled if dead else theme.invalid if slot.trouble else theme.muted
            for column in range(COLUMNS):
                child.setText(column, slot.words[column])
                child.setForeground(column, _color(color))
                child.setToolTip(column, slot.trouble or slot.words[column])
            child.setIcon(0, icon("invalid" if slot.trouble else slot.glyph, role="invalid" if slot.trouble else "muted"))

    def _show_homeless(self, slots: list[SlotRow]) -> None:
        """Slots that nobody holds, last."""
        tree = self.tree
        item = next((each for each in self._items() if self._name(each) == ""), None)
        wanted = [slot for slot in slots if not self.field.text() or slot.matches(self.field.text())]
        if not wanted:
            if item is not None:
                tree.takeTopLevelItem(tree.indexOfTopLevelItem(item))
            return
        if item is None:
            item = QTreeWidgetItem()
            item.setData(0, _NODE, "")
            tree.addTopLevelItem(item)
        item.setText(0, self.tr("Waiting for a node ({})").format(len(wanted)))
        item.setIcon(0, icon("timer", role="muted"))
        self._show_slots(item, wanted)
        item.setExpanded(self._opened.get("", True))

    # -- what is chosen

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.tree.topLevelItem(number) for number in range(self.tree.topLevelItemCount()))
        return [item for item in found if item is not None]

    @staticmethod
    def _name(item: QTreeWidgetItem) -> str:
        return str(item.data(0, _NODE) or "")

    def _chosen_name(self) -> str:
        chosen = self.tree.selectedItems()
        if not chosen:
            return ""
        return self._name(chosen[0].parent() or chosen[0])

    def _note(self, item: QTreeWidgetItem, *, opened: bool) -> None:
        if item.parent() is None:
            self._opened[self._name(item)] = opened

    def _show_buttons(self) -> None:
        name = self._chosen_name()
        situation = self._remote.situation if self._remote is not None else None
        agent = next((each for each in situation.agents if each.name == name), None) if situation is not None else None
        self.enable_button.setEnabled(agent is not None and not agent.enabled)
        self.disable_button.setEnabled(agent is not None and agent.enabled)
        self.forget_button.setEnabled(agent is not None and not agent.is_alive)
        self.field.setEnabled(bool(situation is not None and situation.agents))

    # -- what one does

    def _ask(self, *, enabled: bool) -> None:
        if name := self._chosen_name():
            self.enable_asked.emit(name, enabled)

    def _on_forget_clicked(self) -> None:
        if name := self._chosen_name():
            self.forget_asked.emit(name)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.command)

    def _on_menu_asked(self, at: QPoint) -> None:
        if not self._chosen_name():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for glyph, words, button in (
            ("enable", self.tr("Enable"), self.enable_button),
            ("disable", self.tr("Disable"), self.disable_button),
            ("trash", self.tr("Forget"), self.forget_button),
        ):
            action = menu.addAction(icon(glyph), words, button.click)
            action.setEnabled(button.isEnabled())
        menu.popup(self.tree.viewport().mapToGlobal(at))


def _color(name: str) -> QBrush:
    return QBrush(QColor(name))
