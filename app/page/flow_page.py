"""FlowPage, one open flow: its canvas with breadcrumbs above, its document and all that keeps, checks and edits it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.board.board import Board
from app.board.editing import Editing
from app.board.hand import Hand
from app.board.template import new_processor
from app.canvas.card import FUNNEL, HEADER, WIDTH
from app.canvas.measure import MEASURE
from app.canvas.viewer import FlowViewer
from app.document.checker import Checker
from app.document.document import Document
from app.document.keeper import Keeper
from app.document.shelf import Book, Shelf
from app.page.add_search import AddSearch
from app.page.breadcrumbs import Breadcrumbs
from app.page.canvas_look import CanvasIcons, colors_of
from app.page.component import Component, around, dragged, processors
from app.page.conflict_bar import ConflictBar
from app.page.note_editor import NoteEditor
from app.theme.style_sheet import set_look
from app.theme.theme import Theme
from engine.client.parts import Place
from engine.client.pattern import Pattern, parts, read_pattern, use
from engine.model.flow import Subflow


class FlowPage(QWidget):
    """An open flow. Close it with `close_page`."""

    title_changed = Signal(str)
    part_opened = Signal(str)
    """A part is to be configured."""
    files_dropped = Signal(list)
    """Paths of files that were dropped on the canvas."""

    def __init__(self, book: Book, shelf: Shelf, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.book = book
        self.document = Document(book.flow, book.folder, self)
        self.keeper = Keeper(self.document, shelf, book, self)
        self.checker = Checker(self.document, self)
        self.viewer = FlowViewer()
        self.board = Board(self.document, self.viewer, self)
        self.editing = Editing(self.board, self)
        self.hand = Hand(self.board, self.editing)
        self.breadcrumbs = Breadcrumbs()
        self.conflict = ConflictBar(self.keeper)
        self._empty = QLabel(self.viewer)
        self._empty.setText(self.tr("Double-click to add a processor, or drag one here."))
        set_look(self._empty, "muted")
        self.more_components: Callable[[], Sequence[Component]] = tuple
        """What else the search for parts offers: the patterns of the library."""
        self._search = AddSearch(self)
        self._note_editor: NoteEditor | None = None
        self._spot = QPointF()
        self._from = ("", "", False)
        self._way: list[Place] = [Place()]
        self._at = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.breadcrumbs)
        column.addWidget(self.conflict)
        column.addWidget(self.viewer)
        self.setFocusProxy(self.viewer)
        self._title = book.flow.name
        self.checker.checked.connect(self.board.set_problems)
        self.breadcrumbs.chosen.connect(self.board.show_place)
        self.board.place_changed.connect(self._on_place_changed)
        self.hand.search_wanted.connect(self._on_search_wanted)
        self.hand.part_opened.connect(self.part_opened)
        self.viewer.deletion_asked.connect(self.delete)
        self.hand.note_opened.connect(self._on_note_opened)
        self.viewer.dropped.connect(self._on_dropped)
        self.viewer.view_changed.connect(self._place_empty)
        self._search.chosen.connect(self._on_component_chosen)
        self.document.changed.connect(self._on_changed)
        self.set_theme(theme)
        self._on_place_changed(self.board.base)

    @property
    def title(self) -> str:
        """The flow's name."""
        return self.document.flow.name

    def set_theme(self, theme: Theme) -> None:
        """Paint in a theme's colours."""
        self.viewer.set_colors(colors_of(theme), CanvasIcons(theme))

    async def close_page(self) -> None:
        """Save what is left and let go. Nothing can be edited meanwhile: it might come too late."""
        self.setEnabled(False)
        await self.checker.close()
        await self.keeper.close()

    # -- the way one came

    def go(self, steps: int) -> None:
        """Back (-1) or forward (1) among the levels that were shown and are still there."""
        at = self._ahead(steps)
        if at >= 0:
            self._at = at
            self.board.show_place(self._way[at])

    def can_go(self, steps: int) -> bool:
        """Whether there is a way back or forward."""
        return self._ahead(steps) >= 0

    def _ahead(self, steps: int) -> int:
        """Where on the way the next level is that is another than this one; -1 for none."""
        at = self._at + steps
        while 0 <= at < len(self._way):
            place = self._way[at]
            if place != self.board.base and place.scope(self.document.flow) is not None:
                return at
            at += steps
        return -1

    def _on_place_changed(self, place: Place) -> None:
        if self._way[self._at] != place:
            self._way = [*self._way[: self._at + 1], place]
            self._at += 1
        self.breadcrumbs.show_place(self.title, place)
        self.breadcrumbs.setVisible(bool(place.steps))
        self._place_empty()

    def _on_changed(self) -> None:
        if self.title != self._title:
            self._title = self.title
            self.title_changed.emit(self.title)
            self.breadcrumbs.show_place(self.title, self.board.base)
        self._place_empty()

    def _place_empty(self) -> None:
        """The hint in the middle of a canvas with nothing on it."""
        self._empty.setVisible(self.board.sheet.is_empty)
        self._empty.adjustSize()
        self._empty.move((self.viewer.width() - self._empty.width()) // 2, self.viewer.height() * 2 // 5)

    def delete(self) -> None:
        """Delete what is selected; of a connection whose bend keys have chosen, that bend."""
        if not self.viewer.keyboard.bend.remove():
            self.editing.delete()

    def _on_note_opened(self, key: str) -> None:
        self._note_editor = self._note_editor or NoteEditor(self.board, self.editing)
        self._note_editor.open(key)

    # -- adding parts

    def ask_for_part(self) -> None:
        """Offer what can be added, in the middle of what is seen."""
        self._on_search_wanted(self.viewer.keyboard.spot_for_new(), "", "", is_input=False)

    def _on_search_wanted(self, spot: QPointF, card: str, port: str, is_input: bool) -> None:
        self._spot = spot
        self._from = (card, port, is_input)
        offered = [*processors(), *around(self.board.scope), *self.more_components()]
        if card:  # only what can be at the other end
            offered = [each for each in offered if self._fits(each, is_input=is_input)]
        at = self.viewer.viewport().mapToGlobal(self.viewer.mapFromScene(self.viewer.on_canvas(spot)))
        self._search.ask(offered, at)

    @staticmethod
    def _fits(component: Component, *, is_input: bool) -> bool:
        return bool(component.outputs if is_input else component.inputs)

    def _on_component_chosen(self, component: Component) -> None:
        joins: list[tuple[str, str]] = []
        card, port, is_input = self._from
        spot = self._spot
        if card and component.kind in ("processor", "subflow", "pattern"):
            width, port_y = (FUNNEL, FUNNEL / 2) if component.is_funnel else (WIDTH, 120.0)
            if is_input:
                joins = [(f"{{}}.{component.outputs[0]}", self._end(card, port))]
                spot -= QPointF(width, port_y)
            else:
                joins = [(self._end(card, port), f"{{}}.{component.inputs[0]}")]
                spot -= QPointF(0, port_y)
        self.add(component, spot, *joins)
        for key in self.viewer.selected_keys()[:1]:
            self.viewer.reveal(key)

    @staticmethod
    def _end(card: str, port: str) -> str:
        from app.board.picture import end_of

        return end_of(card, port)

    def add(self, component: Component, spot: QPointF, *joins: tuple[str, str]) -> None:
        """Put a component on the canvas, its corner at a place."""
        place = (MEASURE.snapped(spot.x()), MEASURE.snapped(spot.y()))
        if component.kind == "processor":
            self.editing.add(new_processor(component.type, place), *joins)
        elif component.kind == "subflow" and component.type:
            self.editing.add(Subflow(id=component.type, flow=component.type, position=place), *joins)
        elif component.kind == "subflow":
            self.editing.add_subflow("subflow", place)
        elif component.kind == "pattern":
            self.insert_pattern(read_pattern(Path(component.type)), place, *joins)
        elif component.kind in ("input", "output"):
            is_input = component.kind == "input"
            if self.board.scope.parent is None:
                self.document.edit_refused.emit(self.tr("Only subflows have ports of their own; enter one first."))
                return
            self.editing.add_port("in" if is_input else "out", is_input=is_input)
        else:
            self.editing.add_label(place)
        self.viewer.setFocus()

    def insert_pattern(
        self, pattern: Pattern, place: tuple[float, float] | None, *joins: tuple[str, str], loose: bool = False, into: str = ""
    ) -> None:
        """Put a pattern on the canvas, its corner at a place (None: in the middle): as a subflow, or as loose parts.

        `into` is the key of a connection to put it into.
        """
        if pattern.flow is None:
            self.document.edit_refused.emit(self.tr("'{}' cannot be used: {}").format(pattern.name, pattern.problem))
            return
        if place is None:
            spot = self._free_spot()
            place = (MEASURE.snapped(spot.x()), MEASURE.snapped(spot.y()))
        if loose:
            self.editing.add_parts(parts(pattern), pattern.name, place)
        else:
            self.editing.add_pattern(use(pattern), pattern.name, place, *joins, into=into)

    def add_in_middle(self, component: Component) -> None:
        """Put a component in the middle of what is seen, beside what lies there already."""
        self.add(component, self._free_spot())

    def _free_spot(self) -> QPointF:
        """A place in the middle of what is seen where no card's corner is, as places of the level are."""
        spot = self.viewer.on_canvas(self.viewer.middle) - QPointF(WIDTH / 2, HEADER)
        cards = self.board.sheet.cards
        while len(cards.within(QRectF(spot.x() - 10, spot.y() - 10, 20, 20))):
            spot += QPointF(2 * HEADER, HEADER)
        return self.viewer.spot_of(spot)

    def _on_dropped(self, data: object, spot: QPointF) -> None:
        from PySide6.QtCore import QMimeData

        assert isinstance(data, QMimeData)
        component = dragged(data)
        if component is not None:
            self._drop_component(component, spot)
        elif data.hasUrls():
            self.files_dropped.emit([url.toLocalFile() for url in data.urls() if url.isLocalFile()])
        elif data.hasText():
            self.editing.paste(data.text(), (spot.x(), spot.y()))

    def _drop_component(self, component: Component, spot: QPointF) -> None:
        """A component dropped on a connection goes into it."""
        row = self.viewer.link_row_at(self.viewer.on_canvas(spot), 16)
        is_step = component.kind in ("processor", "pattern") or (component.kind == "subflow" and bool(component.type))
        middle = QPointF(FUNNEL / 2, FUNNEL / 2) if component.is_funnel else QPointF(WIDTH / 2, 60)
        if component.kind == "pattern" and self.viewer.dropped_with & Qt.KeyboardModifier.ShiftModifier:
            self.insert_pattern(read_pattern(Path(component.type)), (spot.x(), spot.y()), loose=True)
            return
        if row < 0 or not is_step:
            self.add(component, spot - middle if component.is_funnel else spot)
            return
        link = self.board.sheet.links.rows.keys[row].removeprefix(self.board.sheet.prefix)
        place = (MEASURE.snapped(spot.x() - middle.x()), MEASURE.snapped(spot.y() - middle.y()))
        if component.kind == "pattern":
            self.insert_pattern(read_pattern(Path(component.type)), place, into=link)
            return
        part = (
            new_processor(component.type, place)
            if component.kind == "processor"
            else Subflow(id=component.type, flow=component.type, position=place)
        )
        self.editing.add_into(part, link)
