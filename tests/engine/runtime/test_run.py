"""Runs of whole flows: what a user sees when things go well, and when they do not."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import textwrap
from pathlib import Path

import pytest

from engine.errors import InvalidFlow, UsageError, WorkspaceBusy
from engine.runtime.engine import Engine
from engine.runtime.run import Outcome, Run, RunOptions, prepare
from tests.engine.runtime.disk import until
from tests.engine.runtime.running import NUMBERS, Bench, flow

OUT = "- {id: out, type: write_lines, config: {path: out.jsonl}}"


def python(id: str, body: str, settings: str = "") -> str:
    """A Python processor; `body` is its code."""
    code = textwrap.indent(textwrap.dedent(body).strip("\n"), " " * 4)
    return f"- id: {id}\n  type: python\n{textwrap.indent(settings, '  ') + chr(10) if settings else ''}  code: |\n{code}\n"


def test_a_flow_runs_to_its_end_and_counts(tmp_path: Path) -> None:
    double = python("double", "def double(n): return n * 2 if n % 2 else None")
    bench = Bench(tmp_path, flow(NUMBERS + double + OUT, "numbers.success -> double.in\ndouble.success -> out.in"))
    outcome = bench.run()
    assert outcome.exit_code == 0
    assert bench.lines("out.jsonl") == [2, 6, 10, 14, 18]
    processors = outcome.summary["processors"]
    assert processors["numbers"]["out"] == {"success": 10}
    assert (processors["double"]["in"], processors["double"]["out"]["success"], processors["out"]["in"]) == (10, 5, 5)
    assert outcome.summary["connections"]["numbers.success->double.in"] == {"passed": 10, "queued": 0, "expired": 0}


def test_a_message_that_fails_for_good_is_kept_with_the_reason(tmp_path: Path) -> None:
    bad = python("bad", "def bad(n):\n    return 10 // (n - 3)", "retry: {attempts: 2, penalty: 0.01s}")
    bench = Bench(tmp_path, flow(NUMBERS + bad + OUT, "numbers.success -> bad.in\nbad.success -> out.in"))
    outcome = bench.run()
    assert outcome.exit_code == 1
    assert outcome.summary["dead_letters"] == 1
    [(content, attributes)] = bench.queue("dead:bad")
    assert content == 3
    assert attributes["error.type"] == "ZeroDivisionError"
    assert attributes["error.processor"] == "bad"
    assert "line 2, in bad" in attributes["error.traceback"]
    assert len(bench.lines("out.jsonl")) == 9


def test_a_library_that_ends_the_host_for_want_of_memory_is_said_with_the_cure(tmp_path: Path) -> None:
    abort = python("big", "import os\ndef big(n):\n    os.abort() if n == 3 else None")
    bench = Bench(tmp_path, flow(NUMBERS + abort, "numbers.success -> big.in", "auto_terminate: [big.success]"))
    assert bench.run().exit_code == 1
    [(content, attributes)] = bench.queue("dead:big")
    assert content == 3
    assert attributes["error.message"] == (
        "the host was killed by SIGABRT (perhaps for want of memory) whenever it had this message; "
        "if it needs more memory, raise its `memory`"
    )


def test_a_new_run_keeps_old_dead_letters_but_answers_only_for_its_own(tmp_path: Path) -> None:
    bad = python("bad", "def bad(n):\n    return 10 // (n - 3)")
    bench = Bench(tmp_path, flow(NUMBERS + bad + OUT, "numbers.success -> bad.in\nbad.success -> out.in"))
    assert bench.run().exit_code == 1
    bench.write(bench.path.read_text(encoding="utf-8").replace("(n - 3)", "(n + 3)"))
    outcome = bench.run()
    assert outcome.exit_code == 0
    assert outcome.summary["dead_letters"] == 0
    assert outcome.summary["processors"]["bad"]["in"] == 10
    assert len(bench.queue("dead:bad")) == 1


def test_code_that_does_not_load_stops_its_stage_and_loses_nothing(tmp_path: Path) -> None:
    broken = python("broken", "import no_such_module\ndef broken(n): return n", "memory: 300MB")
    bench = Bench(
        tmp_path, flow(NUMBERS + broken + OUT, "numbers.success -> broken.in {fuse: false}\nbroken.success -> out.in")
    )
    outcome = bench.run()
    assert outcome.exit_code == 1
    (trouble,) = outcome.troubles
    reason, cure = "ModuleNotFoundError: No module named 'no_such_module'", "name its package under `requirements`"
    assert trouble == f"processor 'broken' cannot start: {reason}; {cure}"
    assert outcome.summary["connections"]["numbers.success->broken.in"]["queued"] == 10
    # Mended, and with nothing thrown away, the run goes on where it was.
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "no_such_module.py").touch()


@pytest.mark.parametrize(
    ("act", "error"),
    [
        ("import os; os._exit(3)", "HostDied"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "HostDied"),
        ("import os; os.kill(os.getpid(), 40)", "HostDied"),
        ("import time; time.sleep(60)", "CallTimeout"),
        ("while True: pass", "CallTimeout"),
        ("return 'x' * 10 ** 10", "MemoryError"),
        ("return object()", "UnsupportedValue"),
        ("import sys; sys.exit(4)", "SystemExit"),
        ("return (i for i in iter(int, 1))", "CallTimeout"),
    ],
)
def test_user_code_that_goes_wrong_takes_only_its_message_with_it(tmp_path: Path, act: str, error: str) -> None:
    bad = python("bad", f"def bad(n):\n    if n == 5:\n        {act}\n    return n", "timeout: 0.5s\nmemory: 300MB")
    after = python("after", "def after(n): return n", "memory: 300MB")
    bench = Bench(
        tmp_path,
        flow(NUMBERS + bad + after + OUT, "numbers.success -> bad.in\nbad.success -> after.in\nafter.success -> out.in"),
    )
    outcome = bench.run()
    [(content, attributes)] = bench.queue("dead:bad")
    assert (content, attributes["error.type"]) == (5, error)
    assert sorted(bench.lines("out.jsonl")) == [n for n in range(10) if n != 5]
    assert outcome.summary["processors"]["bad"]["failed"] == 1


def test_a_process_that_outlives_its_step_does_not_hold_up_the_run(tmp_path: Path) -> None:
    start = python(
        "start",
        """
        import subprocess
        def start(n):
            return subprocess.Popen(["sleep", "600"], start_new_session=True).pid if n == 0 else None
        """,
    )
    bench = Bench(tmp_path, flow(NUMBERS + start + OUT, "numbers.success -> start.in\nstart.success -> out.in"))
    try:
        assert bench.run().exit_code == 0
    finally:
        [started] = bench.lines("out.jsonl")
        os.kill(started, signal.SIGKILL)  # it was still there


def test_a_run_does_not_end_before_its_sinks_could(tmp_path: Path) -> None:
    # Given a sink to which nothing comes, and whose file of old somebody else writes,
    never = python("never", "def never(n): return None")
    bench = Bench(tmp_path, flow(NUMBERS + never + OUT, "numbers.success -> never.in\nnever.success -> out.in"))
    out = tmp_path / "out.jsonl"
    out.write_text("old\n", encoding="utf-8")

    async def run() -> Outcome:
        with out.open("ab") as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            running = asyncio.ensure_future(bench.run_within(None))
            # when all else is done,
            await until(lambda: sum("trying again" in text for step, _, text in bench.log if step == "out") >= 2)
            assert not running.done()
        return await running

    # then the run waits for the file, and leaves it as it ought to be.
    assert asyncio.run(run()).complete
    assert not out.read_bytes()


def test_a_run_whose_sink_cannot_be_made_whole_is_not_complete(tmp_path: Path) -> None:
    # Given a sink that hangs when the run ends (nobody reads from its pipe),
    never = python("never", "def never(n): return None")
    bench = Bench(tmp_path, flow(NUMBERS + never + OUT, "numbers.success -> never.in\nnever.success -> out.in {fuse: false}"))
    prepared = prepare(bench.path, RunOptions())
    os.mkfifo(tmp_path / "out.jsonl")

    async def run() -> Outcome:
        async with Engine(bench.workspace) as engine:
            run = Run(engine, prepared, RunOptions())
            running = asyncio.ensure_future(run.execute())
            while not running.done():
                # when its host is killed each time that it is at it,
                runner = run.deployment.runners.get("out") if run.deployment is not None else None
                host = runner.slots[0].host if runner is not None else None
                if host is not None and host.load:
                    host.kill()
                await asyncio.sleep(0.01)
            return await running

    outcome = asyncio.run(run())
    # then that is said, and the run is one to go on with.
    assert outcome.exit_code == 1
    assert not outcome.complete
    assert len(outcome.troubles) == 1
    assert "processor 'out' cannot let go of what it holds: its host was killed by SIGKILL" in outcome.troubles[0]
    # And it does, where it can.
    (tmp_path / "out.jsonl").unlink()
    again = bench.run()
    assert again.continued
    assert again.complete


def test_a_run_that_was_stopped_goes_on_with_the_same_command(tmp_path: Path) -> None:
    slow = python("slow", "import time\ndef slow(n):\n    time.sleep(0.0002)\n    return n", "memory: 300MB")
    text = flow(NUMBERS + slow + OUT, "numbers.success -> slow.in\nslow.success -> out.in", "parameters: {count: 20000}\n")
    bench = Bench(tmp_path, text)
    first = asyncio.run(bench.run_within(1.0))
    assert not first.complete
    assert 0 < first.summary["processors"]["slow"]["in"] < 20000
    second = bench.run()
    assert second.continued
    assert second.complete
    assert sorted(bench.lines("out.jsonl")) == list(range(20000))
    assert second.summary["processors"]["slow"]["in"] == 20000


def test_a_changed_flow_does_not_go_on_with_an_unfinished_run(tmp_path: Path) -> None:
    slow = python("slow", "import time\ndef slow(n):\n    time.sleep(0.01)\n    return n", "memory: 300MB")
    text = flow(NUMBERS + slow + OUT, "numbers.success -> slow.in\nslow.success -> out.in", "parameters: {count: 500}\n")
    bench = Bench(tmp_path, text)
    asyncio.run(bench.run_within(0.7))
    bench.write(text.replace("0.01", "0.0"))
    with pytest.raises(UsageError, match=r"has changed since its unfinished run began.*--fresh"):
        bench.run()
    # Moving a card is no change.
    bench.write(text + "layout: {slow: [10, 20]}\n")
    asyncio.run(bench.run_within(0.1))
    bench.write(text.replace("0.01", "0.0"))
    outcome = bench.run(fresh=True)
    assert not outcome.continued
    assert bench.lines("out.jsonl") == list(range(500))


def test_a_time_limit_ends_a_run_that_can_go_on(tmp_path: Path) -> None:
    slow = python("slow", "import time\ndef slow(n):\n    time.sleep(0.05)\n    return n", "memory: 300MB")
    bench = Bench(tmp_path, flow(NUMBERS + slow + OUT, "numbers.success -> slow.in\nslow.success -> out.in"))
    outcome = bench.run(timeout_s=0.3)
    assert outcome.exit_code == 1
    assert "time limit of 0.3 s" in outcome.troubles[0]
    assert bench.run().complete
    assert sorted(bench.lines("out.jsonl")) == list(range(10))


def test_an_invalid_flow_does_not_run(tmp_path: Path) -> None:
    bench = Bench(tmp_path, flow(NUMBERS + OUT, "numbers.succes -> out.in"))
    with pytest.raises(InvalidFlow, match="succes"):
        bench.run()
    assert not bench.workspace.exists()


def test_a_second_engine_is_refused(tmp_path: Path) -> None:
    async def both() -> None:
        async with Engine(tmp_path / "workspace"), Engine(tmp_path / "workspace"):
            pass

    with pytest.raises(WorkspaceBusy, match=r"another engine \(process \d+\) owns the workspace"):
        asyncio.run(both())


def test_a_full_queue_holds_its_feeder_back(tmp_path: Path) -> None:
    slow = python("slow", "import time\ndef slow(n):\n    time.sleep(0.0005)\n    return n", "memory: 300MB")
    text = flow(
        NUMBERS + slow + OUT,
        "numbers.success -> slow.in {fuse: false, limit: {messages: 100}}\nslow.success -> out.in",
        "parameters: {count: 20000}\n",
    )
    bench = Bench(tmp_path, text)
    outcome = asyncio.run(bench.run_within(1.5))
    queued = outcome.summary["connections"]["numbers.success->slow.in"]["queued"]
    # Every batch under way when the limit is reached still arrives: two of a source, of 4,096 messages at the most.
    assert 0 < queued <= 100 + 2 * 4096
    assert outcome.summary["processors"]["numbers"]["out"]["success"] < 20000


def test_messages_expire_in_their_queue(tmp_path: Path) -> None:
    paced = python(
        "numbers",
        """
        import time
        def numbers():
            for n in range(10):
                yield n
                time.sleep(0.02)
        """,
        "inputs: []\noutputs: [success]",
    )
    text = flow(
        paced
        + python(
            "slow", "import time\ndef slow(n):\n    time.sleep(0.3)\n    return n", "memory: 300MB\nschedule: {every: 0.1s}"
        )
        + OUT,
        "numbers.success -> slow.in {expire: 1ms}\nslow.success -> out.in",
    )
    bench = Bench(tmp_path, text)
    outcome = bench.run()
    passage = outcome.summary["connections"]["numbers.success->slow.in"]
    assert outcome.complete
    assert passage["expired"] > 0
    assert passage["expired"] + outcome.summary["processors"]["slow"]["in"] == 10


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("priority: lifo", [2, 1, 0]),
        ("priority: fifo, fuse: false", [0, 1, 2]),
        ("priority: attribute:rank", [1, 2, 0]),
    ],
)
def test_priorities_decide_what_comes_first(tmp_path: Path, policy: str, expected: list[int]) -> None:
    # Given three batches that are all in the queue before the processor behind it may run,
    source = python(
        "source",
        """
        import time
        def source(ctx):
            for n, rank in enumerate(["3", "1", "2"]):
                ctx.emit("success", n, {"rank": rank})
                time.sleep(0.1)
        """,
        "inputs: []\noutputs: [success]",
    )
    late = python("late", "def late(n): return n", "memory: 300MB")
    text = flow(source + late + OUT, f"source.success -> late.in {{{policy}}}\nlate.success -> out.in")
    bench = Bench(tmp_path, text.replace("  - id: late\n", "  - id: late\n    enabled: false\n").replace("out.in}", "out.in}"))
    bench.run()
    # when it runs,
    assert len(bench.queue("source.success->late.in")) == 3
    released = _release(bench, text)
    # then they come in the order of the priority.
    assert released == expected


def _release(bench: Bench, text: str) -> list[int]:
    """Let the switched-off processor run on what waits, in a deployment that goes on with the same ledger."""
    from engine.model.codec import load_flow
    from engine.model.flatten import flatten
    from engine.processors.registry import catalog
    from engine.runtime.plan import plan

    async def go_on() -> None:
        async with Engine(bench.workspace) as engine:
            planned = plan(flatten(load_flow(text)), catalog(), stopped={"source"})
            deployment = await engine.deploy(str(bench.path), planned, revision="2", run_id="2", folder=bench.folder)
            await deployment.start()
            await deployment.ending.finished()

    asyncio.run(go_on())
    return bench.lines("out.jsonl")


def test_messages_keep_their_order_behind_a_source_that_is_faster(tmp_path: Path) -> None:
    # Given a step that takes so long that what the source made waits in the queue before it,
    lines = tmp_path / "in.txt"
    lines.write_text("".join(f"{n}\n" for n in range(12_000)), encoding="utf-8")
    slow = python("slow", "import time\ndef slow(line):\n    if int(line) < 3000: time.sleep(0.001)\n    return int(line)")
    read = "- {id: read, type: read_lines, config: {path: in.txt}}\n"
    bench = Bench(tmp_path, flow(read + slow + OUT, "read.success -> slow.in\nslow.success -> out.in"))
    # when it becomes faster,
    outcome = bench.run()
    # then later messages have not overtaken those that waited.
    assert outcome.complete
    assert bench.lines("out.jsonl") == list(range(12_000))


def test_a_message_that_waits_for_another_try_does_not_hold_up_the_source(tmp_path: Path) -> None:
    once = python(
        "once",
        """
        def once(n, ctx):
            if n == 0 and ctx.attempt == 0:
                raise ValueError("not yet")
            return n
        """,
        "retry: {attempts: 1, penalty: 1s}",
    )
    text = flow(NUMBERS + once + OUT, "numbers.success -> once.in\nonce.success -> out.in", "parameters: {count: 30000}\n")
    bench = Bench(tmp_path, text)
    assert bench.run().complete
    assert bench.lines("out.jsonl") == [*range(1, 30_000), 0]


def test_what_found_no_partner_is_in_the_summary(tmp_path: Path) -> None:
    pair = "- {id: pair, type: python, inputs: [a, b], code: 'def pair(a, b): return [a, b]'}\n"
    odd = python("odd", "def odd(n): return n if n % 2 else None")
    links = "numbers.success -> pair.a\nnumbers.success -> odd.in\nodd.success -> pair.b\npair.success -> out.in"
    outcome = Bench(tmp_path, flow(NUMBERS + pair + odd + OUT, links)).run()
    assert outcome.summary["unpaired"] == {"pair": {"a": 5}}
    assert outcome.exit_code == 0
