"""Hand, which turns what a person does on the canvas into edits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtWidgets import QMenu

from app.board.board import Board
from app.board.editing import Editing
from app.board.picture import INPUT, OUTPUT, end_of
from app.document.document import new_gesture
from engine.client.parts import why_not
from engine.model.flow import Subflow

Choose = Callable[[str, Sequence[str], Callable[[str], None]], None]
"""Asks a question that ports answer, and goes on with the one that was chosen, if any was."""


class Hand(QObject):
    """Listens to a board's viewer. `choose` asks which of several ports is meant."""

    search_wanted = Signal(QPointF, str, str, bool)
    """Something is to be added at a place; joined to a card's port (both may be empty) that is an input, or not."""
    part_opened = Signal(str)
    """A part is to be configured."""
    note_opened = Signal(str)
    """A label is to be written in."""

    def __init__(self, board: Board, editing: Editing, choose: Choose | None = None) -> None:
        super().__init__(board)
        self._board = board
        self._editing = editing
        self._choose = choose or self._ask
        self._nudge = new_gesture()
        self._nudged = ""
        """What keys have changed last: a place, a size, a label, which bend."""
        viewer = board.viewer
        viewer.may_connect = self._why_not
        viewer.parts_moved.connect(self._on_moved)
        viewer.parts_nudged.connect(self._on_nudged)
        viewer.card_dropped_on_link.connect(editing.insert_into)
        viewer.link_drawn.connect(self._on_link_drawn)
        viewer.link_reconnected.connect(self._on_link_reconnected)
        viewer.link_dropped.connect(self._on_link_dropped)
        viewer.bends_changed.connect(editing.bend)
        viewer.bends_nudged.connect(self._on_bends_nudged)
        viewer.label_moved.connect(editing.slide_label)
        viewer.label_nudged.connect(self._on_label_nudged)
        viewer.note_resized.connect(editing.resize_note)
        viewer.note_stretched.connect(self._on_note_stretched)
        viewer.ground_opened.connect(self._on_ground_opened)
        viewer.opened.connect(self._on_opened)
        viewer.left.connect(board.leave)
        viewer.selected.connect(self._on_selected)

    def _on_selected(self) -> None:
        self._nudged = ""

    def _on_moved(self, places: dict[str, tuple[float, float]], bends: dict[str, tuple[tuple[float, float], ...]]) -> None:
        if all(key.startswith((INPUT, OUTPUT)) for key in places):
            self._board.show_place(self._board.base)  # a subflow's own ports have their places by themselves
            return
        self._editing.move(places, bends)

    def _on_nudged(self, places: dict[str, tuple[float, float]]) -> None:
        self._editing.move(places, {}, self._gesture_of("place"))

    def _gesture_of(self, nudged: str) -> int:
        """By keys, what follows each other of the same kind is one step of the history."""
        if nudged != self._nudged:
            self._nudge, self._nudged = new_gesture(), nudged
        return self._nudge

    def _on_bends_nudged(self, key: str, number: int, bends: tuple[tuple[float, float], ...]) -> None:
        self._editing.bend(key, bends, self._gesture_of(f"bend {number}"))

    def _on_label_nudged(self, key: str, part: float) -> None:
        self._editing.slide_label(key, part, self._gesture_of("label"))

    def _on_note_stretched(self, key: str, width: float, height: float) -> None:
        self._editing.resize_note(key, width, height, self._gesture_of("size"))

    def _on_link_dropped(self, card: str, port: str, is_input: bool, spot: QPointF) -> None:
        self.search_wanted.emit(spot, card, port, is_input)

    def _on_ground_opened(self, spot: QPointF) -> None:
        self.search_wanted.emit(spot, "", "", False)  # noqa: FBT003 - a signal takes no names

    def _why_not(self, source: str, source_port: str, target: str, target_port: str) -> str:
        """Why two ports cannot be joined; an open one may be any."""
        if source.startswith(OUTPUT) or target.startswith(INPUT):
            return self.tr("A subflow's inputs lead inwards, its outputs outwards.")
        scope = self._board.scope
        if not source_port or not target_port:
            step, is_source = (source, True) if not source_port else (target, False)
            if step.startswith((INPUT, OUTPUT)):
                return ""
            known = self._editing.ports_of(step)
            if not (known.outputs if is_source else known.inputs):
                return (
                    self.tr("'{}' has no outputs.") if is_source else self.tr("'{}' is a source and takes no input.")
                ).format(step)
            return ""
        return why_not(scope, end_of(source, source_port), end_of(target, target_port))

    def _on_link_drawn(self, source: str, source_port: str, target: str, target_port: str) -> None:
        def join(from_port: str, to_port: str) -> None:
            self._editing.join(source, from_port, target, to_port)

        self._with_ports(source, source_port, target, target_port, join)

    def _on_link_reconnected(self, key: str, source: str, source_port: str, target: str, target_port: str) -> None:
        def reconnect(from_port: str, to_port: str) -> None:
            self._editing.reconnect(key, source, from_port, target, to_port)

        self._with_ports(source, source_port, target, target_port, reconnect)

    def _with_ports(
        self, source: str, source_port: str, target: str, target_port: str, act: Callable[[str, str], None]
    ) -> None:
        """Do something with two ports; those that are open are settled first."""

        def with_source(port: str) -> None:
            self._settle(target, target_port, lambda other: act(port, other), is_source=False)

        self._settle(source, source_port, with_source, is_source=True)

    def _settle(self, card: str, port: str, then: Callable[[str], None], *, is_source: bool) -> None:
        """Go on with a port of a card: the one given, the only one there is, or the one that is chosen."""
        if port or card.startswith((INPUT, OUTPUT)):
            then(port or card.partition(":")[2])
            return
        cards = self._board.sheet.cards
        drawn = cards.card(cards.rows[self._board.sheet.prefix + card])
        names = drawn.outputs if is_source else drawn.inputs
        if len(names) == 1:
            then(names[0])
        elif names:
            question = self.tr("From which output of '{}'?") if is_source else self.tr("To which input of '{}'?")
            self._choose(question.format(drawn.name), names, then)

    def _ask(self, question: str, names: Sequence[str], then: Callable[[str], None]) -> None:
        """Ask beside the end of the connection, where the pointer is."""
        viewer = self._board.viewer
        menu = QMenu(viewer)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(question)
        menu.addSection(question)
        for name in names:
            menu.addAction(name.replace("&", "&&")).triggered.connect(lambda _=False, name=name: then(name))
        first = menu.actions()[1]
        menu.popup(viewer.viewport().mapToGlobal(viewer.pointer), first)
        menu.setActiveAction(first)

    def _on_opened(self, key: str) -> None:
        if isinstance(self._board.level.steps.get(key), Subflow):
            self._board.enter(key)
        elif key.startswith("label:"):
            self.note_opened.emit(key)
        else:
            self.part_opened.emit(key)
