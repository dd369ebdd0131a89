from __future__ import annotations

import pytest
from hypothesis import given
from msgspec import structs

from engine.model.bare import bare, is_bare
from engine.model.change import Change
from engine.model.codec import load_flow
from engine.model.flow import Connection, Flow, Label, Part, Processor, Sample, Subflow
from engine.runtime.run import revision_of
from tests.engine.model.strategies import flows

STEP = Processor(id="a", type="python", code="def f(x): return x")
LINK = Connection(source="a.success", target="b.in")
USE = Subflow(id="s", flow="inner")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (STEP, structs.replace(STEP, position=(1.0, 2.0))),
        (STEP, structs.replace(STEP, color="#123456", name="A", notes="why", tests=(Sample(1),), layer=1)),
        (USE, structs.replace(USE, position=(1.0, 2.0), name="S", notes="why", color="#123456", expanded=True, layer=-1)),
        (LINK, structs.replace(LINK, bends=((1.0, 2.0),), name="numbers", layer=1, color="red", label_at=0.3)),
        (None, Label(id="l", text="note")),
        (Label(id="l", text="note"), None),
        (Label(id="l", text="note"), Label(id="l", text="another")),
    ],
)
def test_what_is_for_people_makes_no_difference(before: Part | None, after: Part | None):
    assert is_bare(Change("a", before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (STEP, structs.replace(STEP, code="def f(x): return -x", position=(1.0, 2.0))),
        (STEP, structs.replace(STEP, enabled=False)),
        (USE, structs.replace(USE, parameters={"n": 1})),
        (LINK, structs.replace(LINK, breakpoint=True)),
        (None, STEP),
        (LINK, None),
        (STEP, USE),
    ],
)
def test_what_runs_otherwise_makes_one(before: Part | None, after: Part | None):
    assert not is_bare(Change("a", before, after))


@given(flows())
def test_what_is_left_is_bare_and_all_that_a_revision_sees(flow: Flow):
    assert bare(bare(flow)) == bare(flow)
    assert revision_of(bare(flow)) == revision_of(flow)


def test_a_breakpoint_does_not_make_another_run_of_it():
    text = """
    pyfi: 1
    name: f
    processors: [{{id: s, flow: inner}}]
    subflows:
      - name: inner
        processors: [{{id: a, type: generate}}, {{id: b, type: log}}]
        connections: [{{from: a.success, to: b.in, breakpoint: {}}}]
    """
    one, other = (load_flow(text.format(value)) for value in ("true", "false"))
    assert bare(one) != bare(other)
    assert revision_of(one) == revision_of(other)
