"""Edits of any kind at any level of a flow, drawn by hypothesis; and what a sheet shows, to be compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from app.board.board import Board
from app.canvas.viewer import FlowViewer
from app.document.document import Document
from engine.client.parts import Place
from engine.errors import PyfiError
from engine.model import edits
from engine.model.change import Change
from engine.model.flow import Flow, Header, Label, Processor, Subflow
from engine.model.scope import Scope
from tests.engine.model.strategies import policies

Edit = Callable[[], list[Change]]
_places = st.tuples(st.integers(-500, 500).map(float), st.integers(-500, 500).map(float))


@st.composite
def acts(draw: st.DrawFn, flow: Flow, shown: Scope) -> tuple[str, Edit]:
    """An edit of the level that is shown or of any: its name, and what makes its changes. It may be one that is refused."""
    scope = draw(st.sampled_from([*[shown] * 4, *Scope(flow).walk()]))
    kinds = _Kinds(flow, scope)
    choices = kinds.of_level() | kinds.of_steps() | kinds.of_connections()
    name = draw(st.sampled_from(sorted(choices)))
    return name, draw(choices[name])


class _Kinds:
    """The kinds of edits that can be tried in a level, by name."""

    def __init__(self, flow: Flow, scope: Scope) -> None:
        self._flow = flow
        self._scope = scope
        self._within = scope.path
        self._steps, self._links = list(scope.flow.steps), list(scope.flow.connections)
        self._labels = [f"label:{id}" for id in scope.flow.labels]
        parts = [*self._steps, *self._links, *self._labels]
        self._some = st.lists(st.sampled_from(parts), unique=True, max_size=3) if parts else st.just([])

    def of_level(self) -> dict[str, st.SearchStrategy[Edit]]:
        """What can be done whatever is there."""
        flow, within = self._flow, self._within
        return {
            "add a step": st.builds(
                lambda id, spot: lambda: edits.add(flow, Processor(id=id, type="python", position=spot), within),
                st.sampled_from("pqrstuvw"),
                _places,
            ),
            "add a label": st.builds(
                lambda id, spot: lambda: edits.add(flow, Label(id=id, text=id, position=spot), within),
                st.sampled_from("lmn"),
                st.none() | _places,
            ),
            "delete": st.builds(
                lambda keys, heal: lambda: edits.delete(flow, keys, within, heal=heal), self._some, st.booleans()
            ),
            "duplicate": st.builds(lambda keys: lambda: edits.duplicate(flow, _parts(keys), (40, 40), within), self._some),
            "wrap": st.builds(lambda keys: lambda: edits.wrap(flow, _parts(keys), "wrapped", within), self._some),
            "add a definition": st.just(
                lambda: edits.add_definition(
                    flow, Flow(header=Header(name="new", inputs=("in",), outputs=("success",))), within
                )
            ),
            "use a definition": st.builds(
                lambda id, name: lambda: edits.add(flow, Subflow(id=id, flow=name, position=(0.0, 0.0)), within),
                st.sampled_from("pqrst"),
                st.sampled_from([*self._scope.visible(), "none such"]),
            ),
            "ports": st.builds(
                lambda inputs, outputs: lambda: edits.configure(flow, "flow:", within, inputs=inputs, outputs=outputs),
                *[st.lists(st.sampled_from(["in", "other", "success", "failure"]), unique=True).map(tuple)] * 2,
            ),
            "parameter": st.builds(
                lambda value: lambda: edits.set_parameter(flow, "a", value, within), st.integers() | st.just("x")
            ),
        }

    def of_steps(self) -> dict[str, st.SearchStrategy[Edit]]:
        """What can be done to steps and labels, where there are any."""
        flow, within, labels = self._flow, self._within, self._labels
        found: dict[str, st.SearchStrategy[Edit]] = {}
        if self._steps:
            step = st.sampled_from(self._steps)
            found |= {
                "move": st.builds(
                    lambda spots: lambda: edits.move(flow, spots, within),
                    st.dictionaries(st.sampled_from([*self._steps, *labels]), _places, max_size=3),
                ),
                "rename": st.builds(lambda id, name: lambda: edits.rename(flow, id, name, within), step, st.text(max_size=5)),
                "configure": st.builds(
                    lambda id, fields: lambda: edits.configure(flow, id, within, **fields),
                    step,
                    st.sampled_from([{"enabled": False}, {"color": "#ff0000"}, {"notes": "n"}, {"enabled": True}]),
                ),
                "ports of a step": st.builds(
                    lambda id, names: lambda: edits.configure(flow, id, within, outputs=names),
                    step,
                    st.lists(st.sampled_from(["success", "failure", "more"]), unique=True).map(tuple),
                ),
                "drop outputs": st.builds(
                    lambda id, names: lambda: edits.set_auto_terminate(flow, id, names, within),
                    step,
                    st.sampled_from([(), ("failure",), ("success", "failure")]),
                ),
                "expand": st.builds(
                    lambda id, expanded: lambda: edits.configure(flow, id, within, expanded=expanded), step, st.booleans()
                ),
                "dissolve": st.builds(lambda id: lambda: edits.unwrap(flow, id, within), step),
            }
        if labels:
            found["note"] = st.builds(
                lambda key, text: lambda: edits.configure(flow, key, within, text=text, size=(90.0, 90.0)),
                st.sampled_from(labels),
                st.text(max_size=5),
            )
        return found

    def of_connections(self) -> dict[str, st.SearchStrategy[Edit]]:
        """What can be done to connections, where there are any or could be."""
        flow, within, header, links = self._flow, self._within, self._scope.flow.header, self._links
        ends_out = [f"{id}.{port}" for id in self._steps for port in ("success", "failure")] + list(header.inputs)
        ends_in = [f"{id}.in" for id in self._steps] + list(header.outputs)
        found: dict[str, st.SearchStrategy[Edit]] = {}
        if ends_out and ends_in:
            found["connect"] = st.builds(
                lambda source, target, policy: lambda: edits.connect(flow, source, target, within, **policy),
                st.sampled_from(ends_out),
                st.sampled_from(ends_in),
                policies,
            )
        if links:
            found["bend"] = st.builds(
                lambda key, bends, part, color: (
                    lambda: edits.configure(flow, key, within, bends=tuple(bends), label_at=part, color=color)
                ),
                st.sampled_from(links),
                st.lists(_places, max_size=2),
                st.none() | st.sampled_from([0.0, 0.3, 1.0]),
                st.none() | st.just("#336699"),
            )
            found["restack"] = st.builds(
                lambda keys, edit: lambda: edit(flow, keys, within),
                st.lists(st.sampled_from([*links, *self._steps]), min_size=1, max_size=3),
                st.sampled_from([edits.bring_to_front, edits.send_to_back]),
            )
            found["reconnect"] = st.builds(
                lambda key, target: lambda: edits.reconnect(flow, key, target=target, within=within),
                st.sampled_from(links),
                st.sampled_from(ends_in),
            )
        return found


def _parts(keys: list[str]) -> list[str]:
    return [key for key in keys if "->" not in key]


def made(edit: Edit) -> list[Change]:
    """The changes of an edit, none if it is refused."""
    try:
        return edit()
    except PyfiError:
        return []


def seen(board: Board) -> dict[str, Any]:
    """Everything that a board's sheet and graph say, but for what is the eye's: order, selection, view."""
    sheet, graph = board.sheet, board.graph
    cards, links = sheet.cards, sheet.links
    rows = {cards.rows.keys[row]: row for row in cards.rows.all().tolist()}
    return {
        "cards": {key: cards.card(row) for key, row in rows.items()},
        "places": {key: cards.rect(row).getRect() for key, row in rows.items()},
        "states": {key: int(cards.state[row]) for key, row in rows.items()},
        "links": {links.rows.keys[row]: links.link(row) for row in links.rows.all().tolist()},
        "lines": {links.rows.keys[row]: links.line[row].tolist() for row in links.rows.all().tolist()},
        "boxes": {links.rows.keys[row]: links.box[row].tolist() for row in links.rows.all().tolist()},
        "notes": dict(sheet.notes),
        "frames": dict(sheet.frames),
        "owners": {key: sheet.owner_of(key) for key in (*rows, *sheet.notes)},
        "expanded": sorted(cards.rows.keys[row] for row in cards.frames),
        "graph": {key: (sorted(graph.preceding(key)), sorted(graph.following(key))) for key in rows},
        "nodes": sorted(graph.model.nodes),
    }


def drawn_afresh(flow: Flow, place: Place, viewer: FlowViewer) -> Board:
    """A board that never saw another flow."""
    board = Board(Document(flow, Path.cwd()), viewer)
    board.show_place(place)
    return board


def all_places(flow: Flow) -> list[Place]:
    """Every level that one can get to by entering subflows, to a depth."""
    found, waiting = [], [Place()]
    while waiting:
        place = waiting.pop(0)
        scope = place.scope(flow)
        assert scope is not None
        found.append(place)
        if len(place.steps) < 3:
            waiting += [
                place.below(step.id)
                for step in scope.flow.steps.values()
                if isinstance(step, Subflow) and scope.find(step.flow) is not None
            ]
    return found
