from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings

from engine.errors import InvalidFlow, UsageError
from engine.model.codec import load_flow
from engine.model.flatten import FlatFlow, flatten, join_policies
from engine.model.flow import Connection, Flow, Git, Header, Limit, Processor, Subflow
from tests.engine.model.strategies import sound_flows


def flat(text: str, **overrides: object) -> FlatFlow:
    return flatten(load_flow("pyfi: 1\nname: x\n" + dedent(text)), overrides)


NESTED = """
    parameters: {n: 5}
    processors:
      - {id: g, type: make, config: {count: "${n}"}}
      - {id: s, flow: outer, parameters: {m: "${n}"}}
      - {id: w, type: store, config: {path: "x${n} $${n}"}}
    connections:
      - {from: g.success, to: s.in, limit: {messages: 7}, priority: lifo}
      - {from: s.success, to: w.in, expire: 5s}
    subflows:
      - name: outer
        inputs: [in]
        outputs: [success, failure]
        parameters: {m: 1, other: here}
        processors:
          - {id: i, flow: inner, parameters: {k: "${m}"}}
        connections:
          - {from: in, to: i.in, fuse: false, priority: oldest, expire: 9s}
          - {from: i.success, to: success, expire: 3s, breakpoint: true}
          - {from: i.failure, to: failure}
        subflows:
          - name: inner
            inputs: [in]
            outputs: [success, failure]
            parameters: {k: 0}
            processors:
              - {id: p, type: python, code: "def f(x): return x", config: {v: "${k}"}}
            connections:
              - {from: in, to: p.in}
              - {from: p.success, to: success}
              - {from: p.other, to: failure}
"""


def test_a_flow_without_subflows_stays_as_it_is():
    flow = load_flow(
        "{pyfi: 1, name: x, parameters: {a: 1}, processors: [{id: a, type: t}, {id: b, type: t}],"
        " connections: [{from: a.success, to: b.in, bends: [[1, 2]]}], auto_terminate: [b.success]}"
    )
    result = flatten(flow)
    assert {key: step.processor for key, step in result.steps.items()} == flow.steps
    link = result.links["a.success->b.in"]
    assert (link.source, link.source_port, link.target, link.target_port) == ("a", "success", "b", "in")
    assert link.policy is flow.connections["a.success->b.in"]
    assert result.terminated == {"b": ("success",)}
    assert result.steps["a"].parameters == {"a": 1}


def test_steps_have_full_ids_and_resolved_configs():
    result = flat(NESTED)
    assert list(result.steps) == ["g", "s/i/p", "w"]
    assert result.steps["g"].processor.config == {"count": 5}
    assert result.steps["w"].processor.config == {"path": "x5 ${n}"}
    assert result.steps["s/i/p"].processor.config == {"v": 5}
    assert result.steps["s/i/p"].id == "s/i/p"


def test_overrides_reach_into_subflows():
    result = flat(NESTED, n=9)
    assert result.parameters == {"n": 9}
    assert result.steps["s/i/p"].processor.config == {"v": 9}
    assert result.steps["s/i/p"].parameters == {"k": 9}
    with pytest.raises(UsageError, match="has no parameter 'k'"):
        flat(NESTED, k=1)


def test_a_way_through_ports_is_one_link_with_joined_policies():
    result = flat(NESTED)
    assert set(result.links) == {"g.success->s/i/p.in", "s/i/p.success->w.in"}
    entry = result.links["g.success->s/i/p.in"].policy
    assert (entry.limit.messages, entry.priority, entry.expire_s, entry.fuse, entry.breakpoint) == (
        7,
        "lifo",
        9.0,
        False,
        False,
    )
    leaving = result.links["s/i/p.success->w.in"].policy
    assert (leaving.expire_s, leaving.breakpoint, leaving.fuse) == (3.0, True, True)
    assert all(key == link.key for key, link in result.links.items())


def test_an_unconnected_failure_port_leads_to_the_dead_letters():
    assert flat(NESTED).dead_letters == {"s/i/p": ("other",)}
    assert flat(NESTED + "    auto_terminate: [s.failure]\n").terminated == {"s/i/p": ("other",)}


def test_joined_policies_take_the_smallest_bound_where_0_is_none():
    def policy(messages: int, size_bytes: int, expire_s: float) -> Connection:
        return Connection(source="a.b", target="c.d", limit=Limit(messages, size_bytes), expire_s=expire_s)

    joined = join_policies([policy(0, 5, 0.0), policy(9, 0, 4.0), policy(8, 0, 7.0)], "x.y", "z.w")
    assert joined == Connection(source="x.y", target="z.w", limit=Limit(8, 5), expire_s=4.0)


def test_ports_with_several_ways_multiply():
    result = flat("""
        processors: [{id: a, type: t}, {id: b, type: t}, {id: s, flow: d}, {id: c, type: t}, {id: e, type: t}]
        connections:
          - {from: a.success, to: s.in}
          - {from: b.success, to: s.in}
          - {from: s.success, to: c.in}
          - {from: s.success, to: e.in}
        subflows:
          - name: d
            inputs: [in]
            outputs: [success]
            processors: [{id: p, type: t}, {id: q, type: t}]
            connections: [{from: in, to: p.in}, {from: in, to: q.in}, {from: p.success, to: success}, {from: in, to: success}]
    """)
    assert set(result.links) == {
        *(f"{source}.success->s/{target}.in" for source in "ab" for target in "pq"),
        *(f"s/p.success->{target}.in" for target in "ce"),
        *(f"{source}.success->{target}.in" for source in "ab" for target in "ce"),
    }


def test_two_ways_to_the_same_input_are_noted():
    result = flat("""
        processors: [{id: a, type: t}, {id: s, flow: d}]
        connections: [{from: a.success, to: s.one}, {from: a.success, to: s.two}]
        subflows:
          - name: d
            inputs: [one, two]
            processors: [{id: p, type: t}]
            connections: [{from: one, to: p.in}, {from: two, to: p.in}]
    """)
    assert list(result.links) == ["a.success->s/p.in"]
    assert result.repeated == ("a.success->s/p.in",)


def test_two_ways_that_meet_at_a_port_are_noted():
    result = flat("""
        processors: [{id: a, type: t}, {id: s, flow: d}]
        connections: [{from: a.success, to: s.one}, {from: a.success, to: s.two}]
        subflows:
          - name: d
            inputs: [one, two]
            processors: [{id: t, flow: e}]
            connections: [{from: one, to: t.in}, {from: two, to: t.in}]
          - name: e
            inputs: [in]
            processors: [{id: p, type: t}]
            connections: [{from: in, to: p.in}]
    """)
    assert list(result.links) == ["a.success->s/t/p.in"]
    assert result.repeated == ("a.success->s/t/p.in",)


def test_a_loop_of_ports_alone_ends():
    result = flat("""
        processors: [{id: a, type: t}, {id: s, flow: d}]
        connections: [{from: a.success, to: s.in}, {from: s.success, to: s.in}]
        subflows:
          - {name: d, inputs: [in], outputs: [success], connections: [{from: in, to: success}]}
    """)
    assert not result.links
    assert result.endless == ("a.success->s.in",)


def test_a_disabled_subflow_disables_its_steps():
    result = flat(NESTED.replace("{id: s, flow: outer,", "{id: s, flow: outer, enabled: false,"))
    assert [step.processor.enabled for step in result.steps.values()] == [True, False, True]


def test_what_is_disabled_need_not_be_sound():
    result = flat("""
        processors:
          - {id: a, type: t, enabled: false, config: {b: "${none}"}}
          - {id: s, flow: none, enabled: false}
          - {id: u, flow: u, parameters: {p: "${none}"}, enabled: false}
        subflows: [{name: u, processors: [{id: u, flow: u}]}]
    """)
    assert list(result.steps) == ["a"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("processors: [{id: s, flow: d}]", "subflow 's': there is no definition 'd' under `subflows`"),
        ("processors: [{id: a, type: t, config: {c: '${x}'}}]", "processor 'a': there is no parameter 'x'"),
        (
            "{processors: [{id: s, flow: d, parameters: {a: '${x}'}}], subflows: [{name: d}]}",
            "subflow 's': there is no parameter 'x'",
        ),
        (
            "{processors: [{id: s, flow: d}], subflows: [{name: d, processors: [{id: t, flow: d}]}]}",
            "subflow 'd/t': .* uses itself",
        ),
    ],
)
def test_what_cannot_be_unfolded_is_a_problem(text, reason):
    with pytest.raises(InvalidFlow, match=reason):
        flatten(load_flow(f"{{pyfi: 1, name: x, {text.strip('{}') if text.startswith('{') else text}}}"))


def nested(depth: int, uses: int = 1) -> Flow:
    """Definitions of which each uses the one before it."""
    definitions: dict[str, Flow] = {}
    for level in range(depth):
        steps: dict[str, Processor | Subflow] = {"p": Processor(id="p", type="t")}
        if level:
            steps = {f"s{n}": Subflow(id=f"s{n}", flow=f"d{level - 1}") for n in range(uses)}
        first = next(iter(steps))
        connections = [Connection(source="in", target=f"{first}.in"), Connection(source=f"{first}.success", target="success")]
        definitions[f"d{level}"] = Flow(
            header=Header(name=f"d{level}", inputs=("in",), outputs=("success",)),
            steps=steps,
            connections={connection.id: connection for connection in connections},
        )
    top: dict[str, Processor | Subflow] = {key: Processor(id=key, type="t") for key in "ab"}
    top["s"] = Subflow(id="s", flow=f"d{depth - 1}")
    ends = (Connection(source="a.success", target="s.in"), Connection(source="s.success", target="b.in"))
    return Flow(header=Header(name="x"), steps=top, connections={each.id: each for each in ends}, definitions=definitions)


def test_fifty_levels_unfold():
    result = flatten(nested(50))
    deep = "s" + "/s0" * 49 + "/p"
    assert set(result.links) == {f"a.success->{deep}.in", f"{deep}.success->b.in"}


def test_too_many_levels_and_steps_are_refused():
    with pytest.raises(InvalidFlow, match="nested more than 200 deep"):
        flatten(nested(250))
    with pytest.raises(InvalidFlow, match="unfolds to more than 200,000 steps"):
        flatten(nested(50, uses=2))


@settings(max_examples=40, deadline=None)
@given(sound_flows())
def test_every_link_joins_steps_of_the_flow(flow):
    result = flatten(flow)
    for link in result.links.values():
        assert link.source in result.steps
        assert link.target in result.steps
    linked = {(link.source, link.source_port) for link in result.links.values()}
    for ends in (result.terminated, result.dead_letters):
        for step, ports in ends.items():
            assert step in result.steps
            assert not {(step, port) for port in ports} & linked
    assert not {(step, port) for step, ports in result.terminated.items() for port in ports} & {
        (step, port) for step, ports in result.dead_letters.items() for port in ports
    }


def test_where_code_comes_from_may_be_a_parameter_of_any_level():
    flow = """
        parameters: {release: v2, number: 7}
        processors:
          - {id: a, type: python, git: {repo: "r/${release}", commit: "${number}", module: m, requirements: "${release}.txt"}}
          - {id: s, flow: inner, parameters: {version: "${release}"}}
        subflows:
          - name: inner
            parameters: {version: none}
            processors: [{id: b, type: python, git: {repo: r, commit: "${version}", module: m}}]
    """
    steps = flat(flow, release="v3").steps
    assert steps["a"].processor.git == Git("r/v3", "7", "m", "v3.txt")
    assert steps["s/b"].processor.git == Git("r", "v3", "m")
    with pytest.raises(InvalidFlow, match="there is no parameter 'missing'"):
        flat("processors: [{id: a, type: python, git: {repo: r, commit: '${missing}', module: m}}]")
