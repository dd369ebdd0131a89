"""Which steps share a host, and what holds a stage back."""

from __future__ import annotations

import pytest

from engine.model.codec import load_flow
from engine.model.flatten import flatten
from engine.processors.registry import catalog
from engine.runtime.plan import Plan, plan
from tests.engine.runtime.running import flow

CODE = "code: 'def f(x): return x'"
SOURCE = "- {id: s, type: python, inputs: [], outputs: [success], code: 'def s(): yield 1'}"


def step(id: str, settings: str = "") -> str:
    """A Python step."""
    return f"- {{id: {id}, type: python, {settings + ', ' if settings else ''}{CODE}}}"


def planned(processors: list[str], connections: str, **options: object) -> Plan:
    """The plan of a flow."""
    text = flow("\n".join(processors), connections)
    return plan(flatten(load_flow(text)), catalog(), **options)  # type: ignore[arg-type]


def stages(found: Plan) -> list[tuple[str, ...]]:
    """The steps of every stage."""
    return [stage.steps for stage in found.stages.values()]


CHAIN = "s.success -> a.in\na.success -> b.in"


def test_a_chain_of_python_steps_is_one_stage() -> None:
    assert stages(planned([SOURCE, step("a"), step("b")], CHAIN)) == [("s", "a", "b")]


def test_a_stage_has_no_more_steps_than_can_be_planned_at_once() -> None:
    links = [f"p{number}.success -> p{number + 1}.in" for number in range(1200)]
    found = planned([SOURCE, *(step(f"p{number}") for number in range(1201))], "\n".join(["s.success -> p0.in", *links]))
    assert [len(steps) for steps in stages(found)] == [500, 500, 202]


def test_who_asks_for_the_environment_of_a_stage_is_known() -> None:
    found = planned(
        [
            SOURCE.replace("type: python, inputs: [], outputs: [success], code: 'def s(): yield 1'", "type: generate"),
            step("a", "requirements: [sun]"),
        ],
        "s.success -> a.in",
    )
    assert [(stage.id, stage.asker) for stage in found.stages.values()] == [("s", "a")]


def test_without_fusion_every_step_is_a_stage() -> None:
    assert stages(planned([SOURCE, step("a"), step("b")], CHAIN, fuse=False)) == [("s",), ("a",), ("b",)]


@pytest.mark.parametrize(
    "policy", ["fuse: false", "breakpoint: true", "expire: 1s", "priority: lifo", "priority: attribute:rank"]
)
def test_a_queue_with_a_policy_stays_a_queue(policy: str) -> None:
    found = planned([SOURCE, step("a"), step("b")], f"s.success -> a.in\na.success -> b.in {{{policy}}}")
    assert stages(found) == [("s", "a"), ("b",)]


def test_a_limit_is_no_policy_and_holds_back_whatever_comes_before_it() -> None:
    found = planned([SOURCE, step("a"), step("b")], "s.success -> a.in\na.success -> b.in {limit: {messages: 5}}")
    assert stages(found) == [("s", "a", "b")]
    stage = found.stages["s"]
    assert stage.blocked_by[""] == ("s.success->a.in", "a.success->b.in")
    # What waits before b may go on although that very queue is full.
    assert stage.blocked_by["a.success->b.in"] == ()


@pytest.mark.parametrize(
    "settings",
    [
        "concurrency: 2",
        "requires: [gpu]",
        "replicas: {min: 1, max: 3}",
        "requirements: [attrs]",
        "memory: 100MB",
        "secrets: [key]",
        "schedule: {every: 5s}",
        "schedule: {cron: '* * * * *'}",
    ],
)
def test_steps_that_need_another_place_do_not_share_a_host(settings: str) -> None:
    assert stages(planned([SOURCE, step("a"), step("b", settings)], CHAIN)) == [("s", "a"), ("b",)]


def test_a_built_in_step_does_not_bridge_what_must_stay_apart() -> None:
    between = "- {id: m, type: filter, config: {keep: 'True'}}"
    found = planned(
        [SOURCE, step("a", "secrets: [key]"), between, step("b")],
        "s.success -> a.in\na.success -> m.in\nm.success -> b.in",
    )
    assert ("a", "m") in stages(found)
    assert ("b",) in stages(found)


def test_a_tree_fuses_and_its_sinks_come_last() -> None:
    out = "- {id: out, type: write_lines, config: {path: x}}"
    found = planned([SOURCE, out, step("a"), step("b")], "s.success -> out.in\ns.success -> a.in\na.success -> b.in")
    assert stages(found) == [("s", "a", "b", "out")]


def test_effects_outside_head_their_own_stage() -> None:
    run = "- {id: r, type: run_command, config: {command: [cat]}}"
    assert stages(planned([SOURCE, run, step("b")], "s.success -> r.in\nr.success -> b.in")) == [("s",), ("r",), ("b",)]


def test_two_ways_in_make_a_head() -> None:
    found = planned([SOURCE, step("a"), step("b")], "s.success -> a.in\ns.success -> b.in\na.success -> b.in")
    assert stages(found) == [("s", "a"), ("b",)]


def test_a_ring_has_a_head_too() -> None:
    found = planned([step("a"), step("b")], "a.success -> b.in\nb.success -> a.in")
    assert sorted(step for stage in stages(found) for step in stage) == ["a", "b"]


def test_stopped_and_disabled_steps_are_in_no_stage() -> None:
    processors = [SOURCE, step("a"), step("b", "enabled: false")]
    assert stages(planned(processors, CHAIN)) == [("s", "a")]
    assert stages(planned(processors, CHAIN, stopped={"a"})) == [("s",)]


def test_a_join_runs_in_one_host_whatever_its_concurrency_says() -> None:
    join = "- {id: j, type: python, inputs: [x, y], concurrency: 4, code: 'def j(x, y): return x'}"
    found = planned([SOURCE, join], "s.success -> j.x\ns.success -> j.y")
    assert found.stages["j"].concurrency == 1


def test_an_unconnected_failure_leads_to_the_dead_letters() -> None:
    found = planned([SOURCE, step("a"), step("b")], "s.success -> a.in\na.failure -> b.in")
    assert found.steps["a"].dead == ()
    assert found.steps["b"].dead == ("failure",)
    assert {"dead:a", "dead:b", "dead:s", "s.success->a.in"} <= {queue.key for queue in found.queues()}


def test_the_limits_of_a_ring_hold_back_what_enters_it_and_nothing_in_it() -> None:
    steps = [SOURCE, step("a"), step("b"), step("c", "concurrency: 2"), step("d")]
    found = planned(steps, "s.success -> a.in\na.success -> b.in\nb.success -> c.in\nc.success -> a.in\nc.success -> d.in")
    assert stages(found) == [("s",), ("a", "b"), ("c",), ("d",)]
    ring = {"a.success->b.in", "b.success->c.in", "c.success->a.in"}
    assert set(found.stages["a"].blocked_by["s.success->a.in"]) == ring
    assert found.stages["a"].blocked_by["c.success->a.in"] == ()
    assert found.stages["c"].blocked_by["b.success->c.in"] == ("c.success->d.in",)
