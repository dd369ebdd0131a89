"""Editing, what a person does to the level that is shown: each method is one step of the history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from msgspec import structs
from PySide6.QtCore import QObject

from app.board.board import Board
from app.board.picture import INPUT, OUTPUT, end_of
from app.board.room import spread
from app.canvas.link import Point
from app.words import counted
from engine.client.parts import Ports, ports, split_end
from engine.errors import PyfiError
from engine.model import edits
from engine.model.apply import apply
from engine.model.change import Change
from engine.model.flow import Flow, Header, Label, Processor, Subflow
from engine.model.layout import arranged, placed
from engine.model.level import free_name
from engine.model.lift import lift
from engine.model.ports import FAILURE

Edit = Callable[[Flow], list[Change]]


class Editing(QObject):
    """Edits of a board's document, in the level that it shows. What cannot be is told by `document.edit_refused`."""

    def __init__(self, board: Board, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._document = board.document

    # -- how edits are made

    def make(self, text: str, *steps: Edit, gesture: int = -1) -> bool:
        """One step of the history out of edits, each made on what the one before has left; whether it was made."""
        flow = self._document.flow
        changes: list[Change] = []
        try:
            for step in steps:
                made = step(flow)
                flow = apply(flow, made)
                changes += made
        except PyfiError as error:
            self._document.edit_refused.emit(str(error))
            return False
        self._document.edit(text, changes, gesture)
        return bool(changes)

    @property
    def _within(self) -> str:
        return self._board.within

    def _selected(self) -> list[str]:
        """Keys of what is selected, but for a subflow's own ports."""
        return [key for key in self._board.viewer.selected_keys() if not key.startswith((INPUT, OUTPUT))]

    def named(self, keys: Collection[str]) -> str:
        """Parts as the history calls them: by name if there is one, otherwise counted."""
        if len(keys) == 1:
            return f"'{next(iter(keys)).replace('->', ' → ')}'"
        level = self._board.level
        steps = sum(key in level.steps for key in keys)
        if steps == len(keys):
            return counted(steps, self.tr("1 processor"), self.tr("{} processors"))
        return counted(len(keys), self.tr("1 part"), self.tr("{} parts"))

    # -- parts come and go

    def add(self, part: Processor | Subflow, *joins: tuple[str, str]) -> str:
        """Add a step under a free id, and connections (source, target) where its own end is `{}` and a port; returns the id."""
        part = structs.replace(part, id=free_name(part.id, self._board.level.steps))
        ends = [(source.replace("{}", part.id), target.replace("{}", part.id)) for source, target in joins]
        made = self.make(
            self.tr("addition of '{}'").format(part.id),
            lambda flow: edits.add(flow, part, self._within),
            *(self._joining(source, target) for source, target in ends),
        )
        if made:
            self._board.viewer.select([part.id])
        return part.id if made else ""

    def _joining(self, source: str, target: str) -> Edit:
        return lambda flow: edits.connect(flow, source, target, self._within)

    def add_label(self, spot: Point) -> str:
        """Add a label; returns its key."""
        label = Label(
            id=free_name("label", self._board.level.labels), text=self.tr("**Label**"), position=spot, size=(240.0, 120.0)
        )
        if self.make(self.tr("addition of a label"), lambda flow: edits.add(flow, label, self._within)):
            self._board.viewer.select([f"label:{label.id}"])
        return f"label:{label.id}"

    def add_port(self, name: str, *, is_input: bool) -> None:
        """Give the subflow that is shown another port."""
        header = self._board.level.header
        field, known = ("inputs", header.inputs) if is_input else ("outputs", header.outputs)
        name = free_name(name, known)
        change = {field: (*known, name)}
        self.make(
            self.tr("addition of port '{}'").format(name),
            lambda flow: edits.configure(flow, "flow:", self._within, **change),
        )

    def delete(self, *, heal: bool = False) -> None:
        """Delete what is selected; with `heal`, what led in leads on to where it led out."""
        keys = self._selected()
        if keys:
            self.make(
                self.tr("deletion of {}").format(self.named(keys)),
                lambda flow: edits.delete(flow, keys, self._within, heal=heal),
            )

    def copy(self) -> str:
        """What is selected as the text of a flow file, for the clipboard."""
        from engine.model.codec import dump_flow

        keys = [key for key in self._selected() if "->" not in key]
        return dump_flow(edits.copy(self._document.flow, keys, self._within)) if keys else ""

    def cut(self) -> str:
        """The same, and it goes."""
        text = self.copy()
        if text:
            self.delete()
        return text

    def paste(self, text: str, spot: Point | None = None) -> bool:
        """Put in what a text holds, its corner at `spot`; whether it holds a flow."""
        from engine.model.codec import load_flow

        try:
            pasted = placed(load_flow(text))
        except PyfiError:
            return False
        if not pasted.steps and not pasted.labels:
            return False
        self._insert(pasted, self.tr("pasting of {}"), spot)
        return True

    def duplicate(self) -> None:
        """A second copy of what is selected, beside it."""
        keys = [key for key in self._selected() if "->" not in key]
        if keys:
            self._insert(edits.copy(self._document.flow, keys, self._within), self.tr("duplication of {}"), None)

    def _insert(self, pasted: Flow, text: str, spot: Point | None) -> None:
        offset: Point = (40.0, 40.0)
        if spot is not None:
            places = [part.position or (0.0, 0.0) for part in (*pasted.steps.values(), *pasted.labels.values())]
            offset = spot[0] - min(x for x, _ in places), spot[1] - min(y for _, y in places)
        level = self._board.level
        before = {*level.steps, *(f"label:{id}" for id in level.labels)}
        keys = [*pasted.steps, *(f"label:{id}" for id in pasted.labels)]
        if self.make(text.format(self.named(keys)), lambda flow: edits.paste(flow, pasted, offset, self._within)):
            level = self._board.level
            after = [*level.steps, *(f"label:{id}" for id in level.labels)]
            self._board.viewer.select([key for key in after if key not in before])

    def add_pattern(self, use: Flow, name: str, spot: Point, *joins: tuple[str, str], into: str = "") -> str:
        """Add the subflow that a pattern is nothing but, with connections as `add`; or put it into a connection by its key."""
        [step] = use.steps.values()
        id = free_name(step.id, self._board.level.steps)
        known = use.definitions[step.flow].header if isinstance(step, Subflow) else Header(name="")
        placed_use = structs.replace(use, steps={step.id: structs.replace(step, position=spot)})
        more = self._inserting(id, Ports(known.inputs, known.outputs), into) if into else []
        made = self.make(
            self.tr("addition of pattern '{}'").format(name),
            lambda flow: edits.paste(flow, placed_use, (0.0, 0.0), self._within),
            *(self._joining(source.replace("{}", id), target.replace("{}", id)) for source, target in joins),
            *more,
        )
        if made:
            self._board.viewer.select([id])
        return id if made else ""

    def add_parts(self, parts: Flow, name: str, spot: Point) -> None:
        """Add what a pattern holds as loose parts, their corner at a place."""
        self._insert(placed(parts), self.tr("addition of the parts of '{}'").format(name), spot)

    # -- places

    def move(self, places: Mapping[str, Point], bends: Mapping[str, tuple[Point, ...]], gesture: int = -1) -> None:
        """Put cards and notes at places, and let links run through other bends."""
        movable = {key: place for key, place in places.items() if not key.startswith((INPUT, OUTPUT))}
        self.make(
            self.tr("move of {}").format(self.named(movable)),
            lambda flow: edits.move(flow, movable, self._within),
            *(self._bending(key, spots) for key, spots in bends.items()),
            gesture=gesture,
        )

    def _bending(self, key: str, bends: tuple[Point, ...]) -> Edit:
        return lambda flow: edits.configure(flow, key, self._within, bends=bends)

    def bend(self, key: str, bends: tuple[Point, ...], gesture: int = -1) -> None:
        """Let a link run through other bends."""
        self.make(self.tr("bend of a connection"), self._bending(key, bends), gesture=gesture)

    def slide_label(self, key: str, part: float, gesture: int = -1) -> None:
        """Have the label of a connection at a part of its way."""
        self.make(
            self.tr("move of a connection's label"),
            lambda flow: edits.configure(flow, key, self._within, label_at=part),
            gesture=gesture,
        )

    def resize_note(self, key: str, width: float, height: float, gesture: int = -1) -> None:
        """Make a label larger or smaller."""
        self.make(
            self.tr("size of a label"),
            lambda flow: edits.configure(flow, key, self._within, size=(width, height)),
            gesture=gesture,
        )

    def write_note(self, key: str, text: str, within: str, gesture: int) -> None:
        """Have a label say something, in whatever level it is."""
        self.make(self.tr("text of a label"), lambda flow: edits.configure(flow, key, within, text=text), gesture=gesture)

    def arrange(self) -> None:
        """Lay out what is selected, or everything, anew."""
        level, keys = self._board.level, [key for key in self._selected() if key in self._board.level.steps]
        if len(keys) < 2:
            places = spread(level, self._board.scope, arranged(level))
        else:
            part = edits.copy(self._document.flow, keys, self._within)
            spots = self._board.viewer.places_at_hand()
            left, top = min(spots[key][0] for key in keys), min(spots[key][1] for key in keys)
            found = spread(level, self._board.scope, arranged(part))
            places = {key: (x + left, y + top) for key, (x, y) in found.items()}
        bent = [
            key
            for key, link in level.connections.items()
            if link.bends and all(not step or step in places for step, _ in map(split_end, (link.source, link.target)))
        ]
        self.make(
            self.tr("layout"),
            lambda flow: edits.move(flow, places, self._within),
            *(self._bending(key, ()) for key in bent),
        )

    def align(self, edge: str) -> None:
        """Bring what is selected in line: left, right, top, bottom, centre, middle."""
        cards = self._board.sheet.cards
        rows = cards.selected_rows()
        if len(rows) < 2:
            return
        x, y, width, height = (column[rows].copy() for column in (cards.x, cards.y, cards.width, cards.height))
        if edge == "left":
            x[:] = x.min()
        elif edge == "right":
            x = (x + width).max() - width
        elif edge == "centre":
            x = (x + width / 2).mean() - width / 2
        elif edge == "top":
            y[:] = y.min()
        elif edge == "bottom":
            y = (y + height).max() - height
        else:
            y = (y + height / 2).mean() - height / 2
        self._place(rows.tolist(), x.round(), y.round(), self.tr("alignment of {}"))

    def distribute(self, axis: str) -> None:
        """Have equal gaps between what is selected: `x` or `y`."""
        cards = self._board.sheet.cards
        rows = cards.selected_rows()
        if len(rows) < 3:
            return
        start, length = (cards.x, cards.width) if axis == "x" else (cards.y, cards.height)
        rows = rows[np.argsort(start[rows], kind="stable")]
        room = start[rows[-1]] - start[rows[0]] - length[rows[:-1]].sum()
        gap = room / (len(rows) - 1)
        wanted = start[rows[0]] + np.concatenate([[0.0], np.cumsum(length[rows[:-1]] + gap)])
        x, y = (wanted, cards.y[rows]) if axis == "x" else (cards.x[rows], wanted)
        self._place(rows.tolist(), x.round(), y.round(), self.tr("distribution of {}"))

    def _place(self, rows: Sequence[int], x: np.ndarray, y: np.ndarray, text: str) -> None:
        sheet = self._board.sheet
        origin, prefix = sheet.origin, len(sheet.prefix)
        places = {
            sheet.cards.rows.keys[row][prefix:]: (float(x[n]) - origin.x(), float(y[n]) - origin.y())
            for n, row in enumerate(rows)
        }
        movable = {key: place for key, place in places.items() if not key.startswith((INPUT, OUTPUT))}
        self.make(text.format(self.named(movable)), lambda flow: edits.move(flow, movable, self._within))

    def bring_to_front(self) -> None:
        """Have what is selected lie over all else of its kind: cards over cards, connections over connections."""
        self._restack(self.tr("move of {} to the front"), edits.bring_to_front)

    def send_to_back(self) -> None:
        """Have what is selected lie below all else of its kind."""
        self._restack(self.tr("move of {} to the back"), edits.send_to_back)

    def _restack(self, text: str, edit: Callable[[Flow, Collection[str], str], list[Change]]) -> None:
        keys = [key for key in self._selected() if not key.startswith("label:")]
        if keys:
            self.make(text.format(self.named(keys)), lambda flow: edit(flow, keys, self._within))
        else:
            self._document.edit_refused.emit(
                self.tr("Only cards and connections go to the front or the back: labels lie below them all.")
            )

    # -- connections

    def join(self, source: str, source_port: str, target: str, target_port: str) -> None:
        """Join two ports of cards."""
        ends = end_of(source, source_port), end_of(target, target_port)
        self.make(self.tr("connection of {} to {}").format(*ends), self._joining(*ends))

    def reconnect(self, key: str, source: str, source_port: str, target: str, target_port: str) -> None:
        """Give a connection other ends."""
        ends = end_of(source, source_port), end_of(target, target_port)
        self.make(
            self.tr("reconnection of {}").format(ends[1]),
            lambda flow: edits.reconnect(flow, key, *ends, self._within),
        )

    def insert_into(self, step: str, key: str, places: Mapping[str, Point]) -> None:
        """Put a step that lies at a place into a connection; one that nothing can go through is only moved there."""
        self.make(
            self.tr("insertion of '{}'").format(step),
            lambda flow: edits.move(flow, places, self._within),
            *self._inserting(step, self.ports_of(step), key),
        )

    def add_into(self, part: Processor | Subflow, key: str) -> None:
        """Add a step and put it into a connection; one that nothing can go through is only added."""
        part = structs.replace(part, id=free_name(part.id, self._board.level.steps))
        made = self.make(
            self.tr("insertion of '{}'").format(part.id),
            lambda flow: edits.add(flow, part, self._within),
            *self._inserting(part.id, ports(part, self._board.scope), key),
        )
        if made:
            self._board.viewer.select([part.id])

    def _inserting(self, step: str, known: Ports, key: str) -> list[Edit]:
        """The edits by which what a connection led to comes from a step's first output instead."""
        target = self._board.level.connections[key].target
        outputs = [port for port in known.outputs if port != FAILURE]
        if not known.inputs or not outputs:
            return []
        return [
            lambda flow: edits.reconnect(flow, key, target=f"{step}.{known.inputs[0]}", within=self._within),
            self._joining(f"{step}.{outputs[0]}", target),
        ]

    def ports_of(self, step: str) -> Ports:
        """The ports of a step of this level."""
        return ports(self._board.level.steps[step], self._board.scope)

    def drop_output(self, step: str, port: str, *, dropped: bool) -> None:
        """Say that what an output sends is dropped on purpose, or no longer."""
        known = self._board.level.steps[step].auto_terminate
        wanted = [*known, port] if dropped else [other for other in known if other != port]
        self.make(
            self.tr("end of {}").format(f"{step}.{port}"),
            lambda flow: edits.set_auto_terminate(flow, step, wanted, self._within),
        )

    def configure_connections(self, keys: Collection[str], text: str, **fields: object) -> None:
        """Set fields of connections."""
        self.make(text, *(self._configuring(key, fields) for key in keys))

    def _configuring(self, key: str, fields: Mapping[str, object]) -> Edit:
        return lambda flow: edits.configure(flow, key, self._within, **fields)

    # -- steps

    def set_enabled(self, *, enabled: bool) -> None:
        """Enable or disable the selected steps."""
        steps = [key for key in self._selected() if key in self._board.level.steps]
        text = self.tr("enabling of {}") if enabled else self.tr("disabling of {}")
        self.make(text.format(self.named(steps)), *(self._configuring(key, {"enabled": enabled}) for key in steps))

    def set_color(self, color: str | None) -> None:
        """Colour what is selected; None takes the colour away."""
        keys = self._selected()
        self.make(self.tr("colour of {}").format(self.named(keys)), *(self._configuring(key, {"color": color}) for key in keys))

    def rename(self, step: str, name: str) -> None:
        """Give a step another name to show."""
        self.make(self.tr("name of '{}'").format(step), lambda flow: edits.rename(flow, step, name, self._within))

    # -- subflows

    def wrap(self, name: str) -> bool:
        """Make a subflow of what is selected; whether that could be."""
        keys = [key for key in self._selected() if "->" not in key]
        before = set(self._board.level.steps)
        if not self.make(self.tr("subflow '{}'").format(name), lambda flow: edits.wrap(flow, keys, name, self._within)):
            return False
        self._board.viewer.select([key for key in self._board.level.steps if key not in before])
        return True

    def lift(self) -> None:
        """Move what is selected out of the subflow that is shown to the level above, and go there."""
        board = self._board
        place, keys = board.place, [key for key in self._selected() if "->" not in key]
        above = place.above.scope(self._document.flow)
        if not place.steps or above is None:
            self._document.edit_refused.emit(self.tr("This level has none above it: only parts of a subflow can move up."))
            return
        before = set(above.flow.steps)
        step, path, words = (
            place.steps[-1],
            above.path,
            self.tr("move of {} out of '{}'").format(self.named(keys), place.steps[-1]),
        )
        if self.make(words, lambda flow: lift(flow, keys, step, path)):
            if board.place != place.above:
                board.leave()
            board.viewer.select([key for key in board.level.steps if key not in before])

    def unwrap(self, step: str) -> None:
        """Put what is in a subflow in its place."""
        before = set(self._board.level.steps)
        if self.make(self.tr("dissolving of '{}'").format(step), lambda flow: edits.unwrap(flow, step, self._within)):
            self._board.viewer.select([key for key in self._board.level.steps if key not in before])

    def expand(self, *, expanded: bool) -> None:
        """Expand the selected subflows in place, or collapse them; what is around makes room."""
        level = self._board.level
        steps = [step for key in self._selected() if isinstance(step := level.steps.get(key), Subflow)]
        endless = [step.id for step in steps if expanded and self._board.holds_itself(step)]
        if endless:
            words = self.tr("'{}' holds itself, so that it could be expanded without end; enter it instead.")
            self._document.edit_refused.emit(words.format(endless[0]))
            steps = [step for step in steps if step.id not in endless]
        text = self.tr("expansion of {}") if expanded else self.tr("collapse of {}")
        self.make(
            text.format(self.named([step.id for step in steps])),
            *(self._configuring(step.id, {"expanded": expanded}) for step in steps),
        )

    def add_subflow(self, name: str, spot: Point) -> str:
        """Add a subflow with nothing in it but a way through; returns its id."""
        scope = self._board.scope
        name = free_name(name, dict.fromkeys(scope.visible()))
        empty = Flow(header=Header(name=name, inputs=("in",), outputs=("success", "failure")))
        step = Subflow(id=free_name(name, scope.flow.steps), flow=name, position=spot)
        made = self.make(
            self.tr("addition of subflow '{}'").format(name),
            lambda flow: edits.add_definition(flow, empty, self._within),
            lambda flow: edits.add(flow, step, self._within),
        )
        if made:
            self._board.viewer.select([step.id])
        return step.id if made else ""
