"""A full connection that nothing takes from ends a run, and holds up no more than what is before it."""

from __future__ import annotations

import itertools
from pathlib import Path

from engine.ledger.base import Depth
from engine.model.codec import load_flow
from engine.model.flatten import flatten
from engine.processors.registry import catalog
from engine.runtime.depths import Depths
from engine.runtime.plan import plan
from engine.runtime.standstill import Standstill
from tests.engine.runtime.running import NUMBERS, Bench, flow

LIMIT = " {limit: {messages: 10}, fuse: false}"
LINKS = f"numbers.success -> pass.in{LIMIT}\npass.success -> end.in{LIMIT}\nend.success -> out.in"
MANY = "parameters: {count: 30000}\n"
PASS = '- {id: pass, type: python, outputs: [success], code: "def f(n): return n"}\n'
OUT = "- {id: out, type: write_lines, config: {path: out.jsonl}}\n"


def chain(n: int, full: set[int]) -> list[bool]:
    """What is held up in a source and `n` steps in a row, nothing being taken from the last connection: first the source."""
    steps = "".join(
        f'- {{id: s{number}, type: python, outputs: [success], code: "def f(n): return n"}}\n' for number in range(n)
    )
    ends = ["numbers", *(f"s{number}" for number in range(n))]
    links = "\n".join(f"{a}.success -> {b}.in{LIMIT}" for a, b in itertools.pairwise(ends))
    made = plan(flatten(load_flow(flow(NUMBERS + steps, links))), catalog())
    numbers = {spec.key: number for number, spec in enumerate(made.queues())}
    keys = list(made.links)
    depths = Depths(numbers, made.queues())
    depths.load({numbers[key]: Depth(10 if position in full else 9) for position, key in enumerate(keys)})
    standstill = Standstill(made, depths, lambda key: key != keys[-1])
    return [standstill.holds(made.stages["numbers"], ""), *(standstill.holds(made.stages[key_of(key)], key) for key in keys)]


def key_of(link: str) -> str:
    return link.partition("->")[2].partition(".")[0]


def test_everything_up_to_the_first_queue_with_room_is_held_up() -> None:
    assert chain(4, set()) == [False] * 5
    assert chain(4, {0, 1, 2}) == [False] * 5
    assert chain(4, {1, 2, 3}) == [False, True, True, True, False]
    assert chain(4, {0, 1, 2, 3}) == [True, True, True, True, False]
    assert chain(4, {0, 1, 3}) == [False, False, False, True, False]


def test_a_long_flow_is_no_trouble() -> None:
    assert chain(1500, set(range(1500))) == [True] * 1500 + [False]


TROUBLE = (
    "the connection 'pass.success->end.in' is full, and what comes before it waits: processor 'end' takes nothing; "
    "have it run, and run the flow again"
)


def test_a_run_ends_though_its_source_waits_for_a_step_that_is_switched_off(tmp_path: Path) -> None:
    end = '- {id: end, type: python, code: "def f(n): return n", enabled: false}\n'
    outcome = Bench(tmp_path, flow(NUMBERS + PASS + end + OUT, LINKS, MANY)).run(timeout_s=60)
    assert outcome.troubles == (TROUBLE,)
    assert not outcome.complete


def test_a_run_that_stood_still_goes_on_when_its_step_is_mended(tmp_path: Path) -> None:
    end = "- {id: end, type: python, code: \"open('mended').close()\\ndef f(n): return n\"}\n"
    bench = Bench(tmp_path, flow(NUMBERS + PASS + end + OUT, LINKS, MANY))
    outcome = bench.run(timeout_s=60)
    assert len(outcome.troubles) == 2
    assert "processor 'end' cannot start: FileNotFoundError" in outcome.troubles[0]
    assert outcome.troubles[1] == TROUBLE
    (tmp_path / "mended").touch()
    outcome = bench.run(timeout_s=60)
    assert (outcome.continued, outcome.complete, outcome.troubles) == (True, True, ())
    assert bench.lines("out.jsonl") == list(range(30000))
