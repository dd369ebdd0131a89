"""Board, which keeps the canvas equal to one level of a document."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from app.board.condition import Condition
from app.board.frames import Level, drawn, take_over
from app.board.inside import Inside, as_frame, holds_itself, inside_of
from app.board.picture import INPUT, OUTPUT, card_of, joined, link_of, note_of, port_cards
from app.board.room import Room
from app.canvas.card import Card, State
from app.canvas.graph import FlowGraph
from app.canvas.sheet import Sheet, rows_of
from app.canvas.viewer import FlowViewer
from app.document.document import Document
from engine.client.parts import Place, place_within, split_end
from engine.model.apply import split_key
from engine.model.change import Change
from engine.model.flow import Connection, Flow, Label, Processor, Subflow
from engine.model.problem import Problem
from engine.model.scope import Scope


class Board(QObject):
    """Shows the level of a document that `place` names, and follows it as it changes.

    Sheets of levels that were seen are kept, so that one comes back to where one was. A level that changed while it was not
    shown is drawn anew when it is.
    """

    place_changed = Signal(object)
    """Another level is shown: its `Place`."""
    level_changed = Signal()
    """One works in another level than before, be it in a frame of the same sheet."""
    redrawn = Signal()
    """Cards or links came or went."""
    states_changed = Signal()
    """Steps run otherwise than before, or other ones are invalid, on whatever level."""

    def __init__(self, document: Document, viewer: FlowViewer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.viewer = viewer
        self.graph = FlowGraph(viewer)
        self.base = Place()
        """The place of the level that the sheet shows as a whole."""
        self._insides: dict[Place, dict[str, Inside]] = {}
        """By place: what is inside the steps that are expanded there."""
        self._levels: dict[str, Level] = {}
        """The levels in frames of this sheet, by their keys."""
        self._sheets: dict[Place, Sheet] = {}
        self._stale: set[Place] = set()
        """Levels that have changed since they were shown."""
        self.condition = Condition()
        self._worked_at = self.base
        viewer.selected.connect(self._on_selected)
        self._room = Room(document)
        document.changed.connect(self._on_changed)
        self.show_place(Place())

    @property
    def base_scope(self) -> Scope:
        """The level that the sheet shows as a whole."""
        scope = self.base.scope(self.document.flow)
        return scope if scope is not None else Scope(self.document.flow)

    @property
    def place(self) -> Place:
        """The place of the level in which one works: the sheet's own, or one that is expanded in it."""
        frame = self.sheet.frames.get(self.sheet.hand)
        return self.base if frame is None else Place((*self.base.steps, *frame.steps))

    @property
    def scope(self) -> Scope:
        """The level in which one works."""
        scope = self.place.scope(self.document.flow)
        return scope if scope is not None else self.base_scope

    @property
    def level(self) -> Flow:
        """The flow or definition in which one works."""
        return self.scope.flow

    @property
    def within(self) -> str:
        """The path of the definition in which one works, as edits want it."""
        return self.scope.path

    def levels(self) -> list[Level]:
        """All levels on the sheet: its own, then those in frames, outer ones first."""
        return [Level("", self.base, self.base_scope), *self._levels.values()]

    def holds_itself(self, step: Subflow) -> bool:
        """Whether a step of the level in which one works stands for that level, or for one around it on the sheet."""
        place = self.place
        around = [level for level in self.levels() if place.steps[: len(level.place.steps)] == level.place.steps]
        return holds_itself(step, self.scope, frozenset(level.scope.path for level in around))

    def keys_of(self, ids: Iterable[str]) -> dict[str, None]:
        """The keys of the cards on the sheet that stand for processors, by their full ids; frames before what is inside."""
        prefix, frames = self.base.prefix, self.sheet.frames
        inside = (id[len(prefix) :].split("/") for id in ids if id.startswith(prefix))
        if not frames:
            return dict.fromkeys(parts[0] for parts in inside)
        keys: dict[str, None] = {}
        for parts in inside:
            key = parts[0]
            keys[key] = None
            for part in parts[1:]:
                if key not in frames:
                    break
                key = f"{key}/{part}"
                keys[key] = None
        return keys

    @property
    def sheet(self) -> Sheet:
        """What is on the canvas."""
        return self.viewer.sheet

    # -- which level

    def show_place(self, place: Place) -> None:
        """Show a level; the nearest one above it that is still there."""
        while place.steps and place.scope(self.document.flow) is None:
            place = place.above
        self.base = place
        is_known = place in self._sheets and place not in self._stale
        self.viewer.show_sheet(self._sheet_of(place))
        if is_known:
            self._restate()  # how its parts are may have changed since
        self.place_changed.emit(place)

    def _sheet_of(self, place: Place) -> Sheet:
        """The sheet of a level as it is now, looked at from where it was last."""
        known = self._sheets.get(place)
        if known is not None and place not in self._stale:
            self._redraw_graph(known)
            return known
        self._stale.discard(place)
        self._insides[place] = {}
        sheet = self._sheets[place] = Sheet()
        if known is not None:
            sheet.centre, sheet.scale = known.centre, known.scale
        self._draw(sheet)
        return sheet

    def enter(self, step: str) -> None:
        """Go down into a subflow."""
        if isinstance(self.level.steps.get(step), Subflow):
            self.show_place(self.place.below(step))

    def work_in(self, step: str) -> None:
        """Work in the frame of an expanded subflow of this level, with what comes first there selected."""
        frame = self.sheet.prefix + step
        if frame in self.sheet.frames:
            below = self.place.below(step).scope(self.document.flow)
            first = next(iter(below.flow.steps), "") if below is not None else ""
            self.viewer.choose([f"{frame}/{first}"], frame)
            self.viewer.reveal(first)

    def leave(self) -> None:
        """Go up one level, with the subflow one was in selected."""
        if self.sheet.hand:
            self.viewer.choose([self.sheet.hand], self.sheet.owner_of(self.sheet.hand))
        elif self.base.steps:
            step = self.base.steps[-1]
            self.show_place(self.base.above)
            self.viewer.select([step])

    def show_part(self, place: Place, key: str) -> None:
        """Go to a part, at whatever level it is, and have just it selected."""
        frame = self._frame_of(place)
        if frame is None:
            self.show_place(place)
            frame = ""
        self.viewer.choose([f"{frame}/{key}" if frame else key], frame)
        self.viewer.reveal(key)

    def _frame_of(self, place: Place) -> str | None:
        """The key of the frame that shows a place, empty if the sheet itself does; None: it is not on this sheet."""
        steps = self.base.steps
        if place.steps[: len(steps)] != steps:
            return None
        key = "/".join(place.steps[len(steps) :])
        return key if not key or key in self.sheet.frames else None

    def show_part_within(self, within: str, key: str) -> None:
        """Go to a part of a definition, by its path: where it is shown now, or else at the nearest place that uses it."""
        here = [level.place for level in self.levels() if level.scope.path == within]
        place = self.place if within == self.within else here[0] if here else place_within(self.document.flow, within)
        if place is not None:
            self.show_part(place, key)

    def _on_selected(self) -> None:
        if self.place != self._worked_at:
            self._worked_at = self.place
            self.level_changed.emit()

    # -- what is drawn

    def _draw(self, sheet: Sheet) -> None:
        """Fill an empty sheet."""
        scope = self.base_scope
        steps = scope.flow.steps.values()
        rows = [(self._card_of(step, scope), *self._position(step), self.state_at(self.base, scope, step.id)) for step in steps]
        if scope.parent is not None:
            rows += [(card, x, y, State.NONE) for card, x, y in self._own_ports()]
        sheet.cards.add(rows)
        links = {key: link_of(connection) for key, connection in scope.flow.connections.items()}
        sheet.links.add(joined(links, {card.key for card, *_ in rows}))
        sheet.notes = {note.key: note for note in map(note_of, scope.flow.labels.values())}
        self._redraw_graph(sheet)
        self._show_insides(sheet)

    def _show_insides(self, sheet: Sheet) -> bool:
        """Have the frames of a sheet hold what is inside their subflows now; whether anything came or went."""
        insides = self._insides[self.base]
        if not insides and not sheet.frames:
            self._levels = {}
            return False
        wanted = drawn(insides, sheet, self.base, self.state_at)
        changed, rows = take_over(sheet, self.graph, wanted)
        self.viewer.forget_rows(rows)
        self._levels = wanted.levels
        if sheet.hand not in sheet.frames:
            sheet.hand = ""
        return changed

    def _redraw_graph(self, sheet: Sheet) -> None:
        """The graph holds the level that is shown, no other."""
        self.graph = FlowGraph(self.viewer)
        self.graph.add_cards(sheet.cards.card(row) for row in sheet.cards.rows.all().tolist())
        self.graph.add_links(sheet.links.link(row) for row in sheet.links.rows.all().tolist())

    @staticmethod
    def _position(step: Processor | Subflow) -> tuple[float, float]:
        return step.position or (0.0, 0.0)

    def _on_changed(self, changes: Sequence[Change]) -> None:
        self.viewer.let_go()
        self._stale = self._sheets.keys() - {self.base}
        if self.base.scope(self.document.flow) is None:
            self.show_place(self.base)
            return
        within = self.base_scope.path
        path = tuple(within.split("/")) if within else ()
        here, there = [], []
        for change in changes:
            owner, key = split_key(change.id)
            (here if owner == path else there).append((key, change))
        grown = self._take_over(here)
        if any(key.startswith(("flow:", "parameter:")) for key, _ in (*here, *there)) or self._holds_itself():
            grown = self._refit(self.base_scope.flow.steps.values()) or grown
        elif there:  # what is inside subflows shows in none but these
            subflows = [step for step in self.base_scope.flow.steps.values() if isinstance(step, Subflow)]
            grown = self._refit(subflows) or grown
        grown = self._show_insides(self.sheet) or grown
        self.viewer.refresh(grown=grown)
        if grown:
            self.viewer.selected.emit()
            self.redrawn.emit()

    def _holds_itself(self) -> bool:
        """Whether a step of the level stands for the level itself, which cannot run but can be drawn."""
        return self.base_scope.parent is not None and any(
            isinstance(step, Subflow) and step.flow == self.base_scope.flow.name for step in self.base_scope.flow.steps.values()
        )

    def _take_over(self, changes: Iterable[tuple[str, Change]]) -> bool:
        """Make on the sheet what was made in the level; whether anything came or went.

        Net effects only: what goes goes first, links before cards; what comes comes last, cards before links.
        """
        steps: dict[str, None] = {}
        connections: dict[str, None] = {}
        for key, change in changes:
            part = change.after or change.before
            if isinstance(part, Label):
                self._take_over_note(key)
            elif isinstance(part, Connection):
                connections[key] = None
                # Where the ports of a step cannot be told, its connections name them.
                for end in (part.source, part.target):
                    if step := split_end(end)[0]:
                        steps[step] = None
            elif isinstance(part, Processor | Subflow):
                steps[key] = None
        went = self._take_away(steps, connections)
        came = self._take_in(steps, connections)
        return went or came

    def _take_over_note(self, key: str) -> None:
        label = self.base_scope.flow.labels.get(key.removeprefix("label:"))
        if label is None:
            self.sheet.notes.pop(key, None)
            self.sheet.selected_notes.discard(key)
        else:
            self.sheet.notes[key] = note_of(label)

    def _take_away(self, steps: Collection[str], connections: Collection[str]) -> bool:
        """Take from the sheet what is no longer in the level, and links that lost an end; whether there was anything."""
        sheet, level = self.sheet, self.base_scope.flow
        cards = [key for key in steps if key in sheet.cards.rows and key not in level.steps]
        rows = rows_of(sheet.cards.rows[key] for key in cards)
        loose = [sheet.links.rows.keys[row] for row in sheet.links.touching(rows).tolist()]
        gone = [key for key in connections if key in sheet.links.rows and key not in level.connections]
        links = list(dict.fromkeys([*gone, *loose]))
        self.graph.remove_links(links)
        sheet.links.remove(links)
        self.viewer.forget_rows(rows.tolist())
        self.graph.remove_cards(cards)
        sheet.cards.remove(cards)
        for key in cards:
            self._insides[self.base].pop(key, None)
        return bool(cards or links)

    def _take_in(self, steps: Collection[str], connections: Collection[str]) -> bool:
        """Put what is new in the level on the sheet, and change what is different; whether anything is new."""
        sheet, level, scope = self.sheet, self.base_scope.flow, self.base_scope
        there = [level.steps[key] for key in steps if key in level.steps]
        known: list[Processor | Subflow] = []
        new: list[Processor | Subflow] = []
        for step in there:
            (known if step.id in sheet.cards.rows else new).append(step)
        cards = [(self._card_of(step, scope), *self._position(step)) for step in new]
        for step in known:
            self._replace_card(self._card_of(step, scope))
            sheet.cards.set_state(sheet.cards.rows[step.id], self.state_at(self.base, scope, step.id))
        sheet.cards.add([(card, x, y, self.state_at(self.base, scope, card.key)) for card, x, y in cards])
        self.graph.add_cards(card for card, *_ in cards)
        sheet.cards.place({step.id: self._position(step) for step in known})
        came = self._take_in_links(connections, {card.key for card, *_ in cards})
        # The links of new cards are new themselves, and meet them already.
        moved = rows_of(sheet.cards.rows[key] for key in (*(step.id for step in known), *self._place_ports()))
        sheet.links.refit(moved)
        return bool(new) or came

    def _take_in_links(self, connections: Collection[str], new_cards: Collection[str]) -> bool:
        """The same for links; a new card may be the end that a connection lacked."""
        sheet, level = self.sheet, self.base_scope.flow
        wanted = dict.fromkeys(key for key in connections if key in level.connections)
        if new_cards:
            for key, each in level.connections.items():
                if split_end(each.source)[0] in new_cards or split_end(each.target)[0] in new_cards:
                    wanted[key] = None
        links = joined({key: link_of(level.connections[key]) for key in wanted}, sheet.cards.rows)
        for link in links:
            if link.key in sheet.links.rows:
                sheet.links.replace(link)
        came = [link for link in links if link.key not in sheet.links.rows]
        sheet.links.add(came)
        self.graph.add_links(came)
        return bool(came)

    def _place_ports(self) -> list[str]:
        """Put the cards of a subflow's own ports beside what is inside it; returns their keys."""
        if self.base_scope.parent is None:
            return []
        cards = self.sheet.cards
        places = {card.key: (x, y) for card, x, y in self._own_ports() if card.key in cards.rows}
        cards.place(places)
        return list(places)

    def _own_ports(self) -> Iterator[tuple[Card, float, float]]:
        level = self.base_scope.flow
        return port_cards(level.header, level, {key: inside.width for key, inside in self._insides[self.base].items()})

    def _card_keys(self) -> set[str]:
        rows = self.sheet.cards.rows
        return {rows.keys[row] for row in rows.all().tolist()}

    def _replace_card(self, card: Card) -> bool:
        """Give a card other words, if they are others."""
        cards = self.sheet.cards
        if cards.card(cards.rows[card.key]) == card:
            return False
        cards.replace(card)
        self.graph.replace_card(card)
        return True

    def _refit(self, steps: Iterable[Processor | Subflow]) -> bool:
        """Something around steps of the level changed that may show in them: ports of subflows, parameters, own ports."""
        sheet, scope = self.sheet, self.base_scope
        other = [
            sheet.cards.rows[step.id]
            for step in steps
            if step.id in sheet.cards.rows and self._replace_card(self._card_of(step, scope))
        ]
        sheet.links.refit(rows_of(other))
        shown = {key for key in self._card_keys() if key.startswith((INPUT, OUTPUT))}
        header = scope.flow.header
        wanted = {INPUT + name for name in header.inputs} | {OUTPUT + name for name in header.outputs}
        if scope.parent is not None and shown != wanted:
            self._stale.add(self.base)
            self.show_place(self.base)
            return True
        return False

    # -- how parts are

    def set_problems(self, problems: Iterable[Problem]) -> None:
        """Say what is wrong, so that cards show it."""
        self.condition.set_problems(problems)
        self._restate()

    def set_states(self, states: Mapping[str, State | None]) -> None:
        """Say of processors, by full id, how they run from now on; None: they do not."""
        other = self.condition.learn(states)
        if not other:
            return
        cards = self.sheet.cards
        for key in self.keys_of(other):
            row = cards.rows.get(key)
            if row >= 0:
                cards.set_state(row, self._state(key))
        self.viewer.refresh()
        self.states_changed.emit()

    def set_versions(self, versions: Mapping[str, str]) -> None:
        """Say of which steps another version runs, so that cards show it; see `Condition.versions`."""
        if versions != self.condition.versions:
            self.condition.versions = versions
            self._restate()

    def clear_states(self) -> None:
        """Nothing runs."""
        self.condition.states.clear()
        self._restate()

    def _restate(self) -> None:
        sheet, scope = self.sheet, self.base_scope
        for step in scope.flow.steps.values():
            row = sheet.cards.rows.get(step.id)
            if row >= 0:
                self._replace_card(self._card_of(step, scope))
                sheet.cards.set_state(row, self.state_at(self.base, scope, step.id))
        self._show_insides(sheet)
        self.viewer.refresh()
        self.states_changed.emit()

    def _card_of(self, step: Processor | Subflow, scope: Scope) -> Card:
        """A step's card in the level of the sheet; that of an expanded subflow is a frame."""
        card = card_of(step, scope, self.condition.remark_at(scope, step.id))
        if not isinstance(step, Subflow):
            return card
        inside = inside_of(step, scope, frozenset({scope.path}), self.condition.remark_at)
        if inside is None:
            self._insides[self.base].pop(step.id, None)
            return card
        self._insides[self.base][step.id] = inside
        return as_frame(card, inside)

    def _state(self, key: str) -> State:
        level = self._levels.get(self.sheet.owner_of(key))
        if level is None:
            return self.state_at(self.base, self.base_scope, key)
        return self.state_at(level.place, level.scope, key.removeprefix(level.prefix))

    def state_at(self, place: Place, scope: Scope, key: str) -> State:
        """How a step of any level is; `scope` is what is at the place."""
        return self.condition.state_at(place, scope, key)
