"""What a card says of the nodes that run it."""

from __future__ import annotations

import pytest

from app.canvas.card import NOWHERE
from app.run.nodes import runs_of, short
from engine.client.answer import ProcessorFigures


@pytest.mark.parametrize(
    ("nodes", "badge"),
    [
        (["a"], "a"),
        (["a", "b"], "a b"),
        (["a", "b", "c", "d"], "a b +2"),
        (["worker-1", "worker-2"], "worker-1 +1"),
        (["a-machine-of-a-long-name"], "a-machine-o…"),
    ],
)
def test_a_badge_has_as_many_names_as_there_is_room_for(nodes: list[str], badge: str) -> None:
    assert short(nodes) == badge


def test_a_subflow_runs_where_its_processors_run() -> None:
    found = [ProcessorFigures(state="running", nodes=["b", "a"]), ProcessorFigures(state="running", nodes=["c", "a"])]
    runs = runs_of(found)
    assert (runs.badge, runs.hint) == ("a b +1", "Runs on 3 nodes: a, b, c")


def test_what_runs_nowhere_though_it_should_waits_for_a_node_with_its_labels() -> None:
    waits = ProcessorFigures(state="running")
    assert runs_of([waits]).hint == "Waits for a node to run it."
    assert runs_of([waits], ["gpu"]).hint == "Waits for a node with the label gpu."
    assert runs_of([waits], ["eu", "gpu"]).hint == "Waits for a node with the labels eu, gpu."


def test_what_does_not_run_says_nothing() -> None:
    assert runs_of([ProcessorFigures(state="stopped")]) is NOWHERE


def test_a_trouble_is_in_the_hint() -> None:
    broken = ProcessorFigures(state="broken", nodes=["a"], trouble="no module named 'pandas'")
    assert runs_of([broken]).hint == "Runs on node a\nno module named 'pandas'"
