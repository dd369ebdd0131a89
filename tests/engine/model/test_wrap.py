"""Wrapping and unwrapping change the picture, never what runs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from engine.errors import NotFound, UsageError
from engine.model.apply import apply
from engine.model.change import invert
from engine.model.flatten import FlatFlow, flatten
from engine.model.flow import Connection, Flow, Header, Label, Limit, Processor, Subflow
from engine.model.unwrap import unwrap
from engine.model.wrap import wrap
from tests.engine.model.strategies import sound_flows


def step(key: str, **fields: object) -> Processor:
    return Processor(id=key, type="python", **fields)  # pyright: ignore[reportArgumentType]


def flow_of(steps: list[Processor | Subflow], connections: tuple[Connection, ...] = (), **fields: object) -> Flow:
    return Flow(
        header=Header(name="x"),
        steps={each.id: each for each in steps},
        connections={connection.id: connection for connection in connections},
        **fields,  # pyright: ignore[reportArgumentType]
    )


def joined(source: str, target: str, **policy: object) -> Connection:
    return Connection(source=source, target=target, **policy)  # pyright: ignore[reportArgumentType]


def running(flat: FlatFlow, prefix: str = "") -> object:
    """All that running a flow depends on, with `prefix` taken off the ids; where cards lie is not among it.

    Of several ways to the same end one is kept, and which one is open; such a flow is not sound and never runs.
    """
    sound = not flat.repeated and not flat.endless

    def bare(key: str) -> str:
        return key.removeprefix(prefix)

    return (
        {
            bare(key): (structs.replace(each.processor, id=bare(key), position=None), each.parameters)
            for key, each in flat.steps.items()
        },
        {
            (bare(link.source), link.source_port, bare(link.target), link.target_port): (
                structs.replace(link.policy, source="", target="", bends=()) if sound else None
            )
            for link in flat.links.values()
        },
        {bare(key): set(ports) for key, ports in flat.terminated.items()},
        {bare(key): set(ports) for key, ports in flat.dead_letters.items()},
        sound,
    )


CHAIN = flow_of(
    [step("a", position=(0.0, 0.0)), step("b", position=(400.0, 50.0)), step("c", position=(800.0, 0.0)), step("d")],
    (
        joined("a.success", "b.in", limit=Limit(50_000, 0), priority="lifo", bends=((1.0, 2.0),)),
        joined("b.success", "c.in"),
        joined("c.success", "d.in", expire_s=5.0),
        joined("c.success", "a.in"),
        joined("b.failure", "d.in"),
    ),
    parameters={"p": 1},
    labels={"l": Label(id="l", position=(300.0, 70.0))},
)


def test_a_selection_becomes_a_definition_with_ports_for_what_is_cut():
    wrapped = apply(CHAIN, wrap(CHAIN, ["b", "c", "label:l"], "middle"))
    assert list(wrapped.steps) == ["a", "d", "middle"]
    assert wrapped.steps["middle"] == Subflow(id="middle", flow="middle", parameters={"p": "${p}"}, position=(300.0, 0.0))
    inner = wrapped.definitions["middle"]
    assert inner.header == Header(name="middle", inputs=("in",), outputs=("success", "failure"))
    assert inner.parameters == {"p": 1}
    assert inner.labels == CHAIN.labels
    assert set(inner.connections) == {"in->b.in", "b.success->c.in", "c.success->success", "b.failure->failure"}
    assert set(wrapped.connections) == {
        "a.success->middle.in",
        "middle.success->d.in",
        "middle.success->a.in",
        "middle.failure->d.in",
    }
    assert wrapped.connections["a.success->middle.in"].priority == "lifo"
    assert inner.connections["in->b.in"].limit == Limit(0, 0)


def test_ports_of_one_name_are_told_apart_by_their_step():
    flow = flow_of(
        [step("a"), step("b"), step("c"), step("d")],
        (joined("a.success", "c.in"), joined("a.success", "d.in"), joined("c.success", "b.in"), joined("d.success", "b.in")),
    )
    inner = apply(flow, wrap(flow, ["c", "d"], "both")).definitions["both"]
    assert inner.header.inputs == ("in", "d-in")
    assert inner.header.outputs == ("success", "d-success")


@pytest.mark.parametrize(
    ("keys", "name", "message"),
    [
        ([], "m", "nothing can be wrapped without a processor or subflow"),
        (["label:l"], "m", "nothing can be wrapped"),
        (["b"], "a b", "cannot name a definition"),
    ],
)
def test_impossible_wraps_are_refused(keys, name, message):
    with pytest.raises(UsageError, match=message):
        wrap(CHAIN, keys, name)


def test_a_name_that_is_visible_is_taken():
    flow = apply(CHAIN, wrap(CHAIN, ["b"], "m"))
    with pytest.raises(UsageError, match="there is a definition 'm' already"):
        wrap(flow, ["a"], "m")


def test_unwrapping_takes_a_wrap_back():
    wrapped = apply(CHAIN, wrap(CHAIN, ["b", "c", "label:l"], "middle"))
    assert apply(wrapped, unwrap(wrapped, "middle")) == CHAIN


def test_a_definition_in_use_elsewhere_stays():
    inner = Flow(header=Header(name="d"), steps={"p": step("p")})
    flow = flow_of([Subflow(id="s", flow="d"), Subflow(id="t", flow="d")], definitions={"d": inner})
    once = apply(flow, unwrap(flow, "s"))
    assert set(once.steps) == {"p", "t"}
    assert once.definitions == {"d": inner}
    twice = apply(once, unwrap(once, "t"))
    assert set(twice.steps) == {"p", "p-2"}
    assert twice.definitions == {}


def test_values_of_parameters_take_the_place_of_references():
    inner = Flow(
        header=Header(name="d"),
        parameters={"a": "$", "b": "${text", "c": 3},
        steps={"p": step("p", config={"a": "${a}", "b": "x${b}", "c": "${c}", "d": "$${a}"})},
    )
    flow = flow_of([Subflow(id="s", flow="d", parameters={"a": "${outer}"})], parameters={"outer": 1}, definitions={"d": inner})
    unwrapped = apply(flow, unwrap(flow, "s"))
    assert unwrapped.steps["p"] == step("p", config={"a": "${outer}", "b": "x$${text", "c": 3, "d": "$${a}"})
    assert unwrapped.parameters == {"outer": 1}


def test_code_that_reads_a_parameter_finds_it_outside():
    inner = Flow(
        header=Header(name="d"),
        parameters={"limit": 3},
        steps={"p": step("p", code="def f(x, ctx): return ctx.params['limit']")},
    )
    flow = flow_of([Subflow(id="s", flow="d")], definitions={"d": inner})
    assert apply(flow, unwrap(flow, "s")).parameters == {"limit": 3}
    clash = structs.replace(flow, parameters={"limit": 4})
    with pytest.raises(UsageError, match="uses its parameter 'limit', which has another value outside; rename it"):
        unwrap(clash, "s")


def test_a_step_of_the_subflow_s_own_name():
    inner = Flow(
        header=Header(name="d", inputs=("in",), outputs=("success",)),
        steps={"s": step("s"), "t": step("t")},
        connections={
            each.id: each for each in (joined("in", "s.in"), joined("s.success", "t.in"), joined("t.success", "success"))
        },
    )
    flow = flow_of([step("a"), Subflow(id="s", flow="d")], (joined("a.success", "s.in"),), definitions={"d": inner})
    unwrapped = apply(flow, unwrap(flow, "s"))
    assert set(unwrapped.connections) == {"a.success->s-2.in", "s-2.success->t.in"}


def test_ways_straight_through_a_subflow_and_dropped_outputs():
    inner = Flow(
        header=Header(name="d", inputs=("in",), outputs=("success", "failure")),
        steps={"p": step("p")},
        connections={
            each.id: each
            for each in (
                joined("in", "success"),
                joined("in", "p.in"),
                joined("p.success", "failure"),
                joined("p.other", "success"),
            )
        },
    )
    flow = flow_of(
        [step("a"), Subflow(id="s", flow="d", auto_terminate=("failure",)), step("b")],
        (joined("a.success", "s.in"), joined("s.success", "b.in")),
        definitions={"d": inner},
    )
    unwrapped = apply(flow, unwrap(flow, "s"))
    assert set(unwrapped.connections) == {"a.success->b.in", "a.success->p.in", "p.other->b.in"}
    assert unwrapped.steps["p"].auto_terminate == ("success",)


def test_a_disabled_subflow_leaves_disabled_steps():
    flow = flow_of([Subflow(id="s", flow="d", enabled=False)], definitions={"d": flow_of([step("p")])})
    assert not apply(flow, unwrap(flow, "s")).steps["p"].enabled


def test_what_is_no_subflow_cannot_be_unwrapped():
    with pytest.raises(UsageError, match="'a' is a processor; only subflows"):
        unwrap(CHAIN, "a")
    with pytest.raises(NotFound, match="uses 'none', which is no definition"):
        unwrap(flow_of([Subflow(id="s", flow="none")]), "s")


def test_a_definition_inside_a_definition_can_be_wrapped_and_unwrapped():
    flow = flow_of(
        [Subflow(id="s", flow="d")],
        definitions={"d": CHAIN.__class__(header=Header(name="d"), steps=CHAIN.steps, connections=CHAIN.connections)},
    )
    wrapped = apply(flow, wrap(flow, ["b", "c"], "middle", within="d"))
    assert list(wrapped.definitions["d"].definitions) == ["middle"]
    assert running(flatten(wrapped), "")[1].keys() != running(flatten(flow), "")[1].keys()  # type: ignore[index]
    assert apply(wrapped, unwrap(wrapped, "middle", within="d")) == flow


@settings(max_examples=60, deadline=None)
@given(sound_flows(), st.data())
def test_wrapping_runs_the_same_and_unwrapping_takes_it_back(flow, data):
    keys = data.draw(st.lists(st.sampled_from(sorted(flow.steps)), unique=True, min_size=1))
    changes = wrap(flow, keys, "wrapped")
    wrapped = apply(flow, changes)
    assert apply(wrapped, invert(changes)) == flow
    assert running(flatten(wrapped), "wrapped/") == running(flatten(flow))
    back = unwrap(wrapped, "wrapped")
    assert apply(wrapped, back) == flow
    assert apply(apply(wrapped, back), invert(back)) == wrapped


@settings(max_examples=40, deadline=None)
@given(sound_flows(), st.data())
def test_unwrapping_any_subflow_runs_the_same(flow, data):
    subflows = [key for key, each in flow.steps.items() if isinstance(each, Subflow)]
    if not subflows:
        return
    key = data.draw(st.sampled_from(subflows))
    unwrapped = apply(flow, unwrap(flow, key))
    before, now = flatten(flow), flatten(unwrapped)
    assert len(before.steps) == len(now.steps)
    assert sorted(str(each.processor.config) for each in before.steps.values()) == sorted(
        str(each.processor.config) for each in now.steps.values()
    )
    assert len(before.links) == len(now.links)
