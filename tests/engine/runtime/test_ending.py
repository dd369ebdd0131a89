"""The end of a run: what waits is let go of, and by whom first."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from engine.runtime.engine import Engine
from engine.runtime.replay import replay_last
from tests.engine.runtime.disk import in_a_loop, until
from tests.engine.runtime.running import NUMBERS, Bench, flow
from tests.engine.runtime.test_replan import deployed

SEVENS = "- {id: sevens, type: merge, config: {count: 7}}\n"
PAIRS = "- {id: pairs, type: merge, config: {count: 2}}\n"
OUT = "- {id: out, type: write_lines, config: {path: out.jsonl}}\n"
LINKS = "numbers.success -> sevens.in {fuse: false}\nsevens.success -> pairs.in {fuse: FUSE}\npairs.success -> out.in"


@pytest.mark.parametrize("fuse", ["true", "false"])
@pytest.mark.parametrize("steps", [NUMBERS + SEVENS + PAIRS + OUT, OUT + PAIRS + SEVENS + NUMBERS], ids=["downward", "upward"])
def test_merges_let_go_from_the_first_to_the_last_however_the_file_has_them(tmp_path: Path, steps: str, fuse: str) -> None:
    bench = Bench(tmp_path, flow(steps, LINKS.replace("FUSE", fuse)))
    bench.run()
    assert bench.lines("out.jsonl") == [[[0, 1, 2, 3, 4, 5, 6], [7, 8, 9]]]


@pytest.mark.parametrize("limit", [5, 1000], ids=["full", "with room"])
def test_a_run_ends_at_a_breakpoint_and_says_what_it_holds(tmp_path: Path, limit: int) -> None:
    held = "numbers.success -> sevens.in {limit: {messages: 5}, breakpoint: true}".replace("5", str(limit))
    text = flow(NUMBERS + SEVENS + OUT, f"{held}\nsevens.success -> out.in")
    bench = Bench(tmp_path, text)
    outcome = bench.run()
    key = "numbers.success->sevens.in"
    waiting = outcome.summary["connections"][key]["queued"]
    assert waiting == 10
    assert outcome.summary["held"] == {key: 10}
    says = f"the breakpoint at '{key}' holds 10 messages; run the flow again without it to go on, or deploy the flow"
    assert outcome.troubles == (f"{says} to release one by one",)
    assert (outcome.exit_code, outcome.complete) == (1, False)
    # Again, and it is as it was: nothing went on, nothing is lost.
    again = bench.run()
    assert (again.continued, again.summary["held"], again.exit_code) == (True, {key: 10}, 1)
    bench.write(text.replace(", breakpoint: true", ""))
    last = bench.run()
    assert (last.continued, last.complete, last.exit_code, last.summary["held"]) == (True, True, 0, {})
    assert bench.lines("out.jsonl") == [[0, 1, 2, 3, 4, 5, 6], [7, 8, 9]]


def test_merges_behind_a_breakpoint_keep_what_they_have_collected(tmp_path: Path) -> None:
    links = "numbers.success -> sevens.in {breakpoint: true}\nmore.success -> sevens.in {fuse: false}\nsevens.success -> out.in"
    more = "- {id: more, type: generate, config: {count: 3}}\n"
    text = flow(NUMBERS + more + SEVENS + OUT, links)
    bench = Bench(tmp_path, text)
    assert bench.run().summary["processors"]["sevens"]["out"]["success"] == 0
    bench.write(text.replace(", breakpoint: true", ""))
    bench.run()
    made = bench.lines("out.jsonl")
    assert [len(each) for each in made] == [7, 6]
    assert made[0][:3] == [0, 1, 2]


@in_a_loop
async def test_a_file_that_more_was_written_to_gets_its_end_again(tmp_path: Path) -> None:
    # Given a flow whose end could not be noted, after its file got its end,
    text = flow(
        NUMBERS + "- {id: out, type: write_lines, config: {path: out.jsonl.gz}}\n", "numbers.success -> out.in {fuse: false}"
    )
    async with Engine(tmp_path / "workspace") as engine:
        deployment = await deployed(engine, tmp_path, text)
        assert await deployment.ending.completed()
        assert len(_unzipped(tmp_path)) == 10
        # when its last messages come once more,
        key = "numbers.success->out.in"
        again = (await replay_last(deployment, "out", 3))[key]  # fewer where the last batch had fewer
        await until(lambda: deployment.depths.messages(key) == 0 and deployment.totals.steps["out"].received == 10 + again)
        assert await deployment.ending.completed()
        # then the file has its end again, and once more changes nothing.
        assert len(_unzipped(tmp_path)) == 10 + again
        size = (tmp_path / "out.jsonl.gz").stat().st_size
        assert await deployment.ending.completed()
        assert (tmp_path / "out.jsonl.gz").stat().st_size == size


def _unzipped(folder: Path) -> list[str]:
    return gzip.decompress((folder / "out.jsonl.gz").read_bytes()).decode().splitlines()
