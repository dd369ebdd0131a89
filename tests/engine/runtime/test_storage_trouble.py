"""Flows on a disk that fills up at the worst moment: they wait, end in time when they are told to, and lose nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from engine.errors import StorageFull
from engine.runtime.engine import Engine
from engine.runtime.run import Outcome, Run, RunOptions, prepare
from tests.engine.runtime.disk import Disk, in_a_loop, until
from tests.engine.runtime.running import Bench, flow
from tests.engine.runtime.test_run import OUT, python

COUNT = 300
SOURCE = python("source", f"def source():\n    yield from range({COUNT})", "inputs: []\noutputs: [success]")
STEP = python(
    "step",
    """
    import os, time
    from pathlib import Path
    def step(n, ctx):
        folder = Path(ctx.params["folder"])
        while n == 100 and not (folder / "go").exists():
            (folder / "pid.new").write_text(str(os.getpid()))
            (folder / "pid.new").rename(folder / "pid")
            time.sleep(0.01)
        return n
    """,
    "timeout: 1d",
)
"""Stops at message 100 until there is a file `go`; before, the file `pid` says which process that is."""
GATED_SOURCE = python(
    "source",
    """
    import os, time
    from pathlib import Path
    def source(ctx):
        folder = Path(ctx.params["folder"])
        for n in range(300):
            while n == 100 and not (folder / "go").exists():
                (folder / "pid.new").write_text(str(os.getpid()))
                (folder / "pid.new").rename(folder / "pid")
                time.sleep(0.01)
            yield n
    """,
    "inputs: []\noutputs: [success]",
)
"""The same in a source."""
FULL = "storage: the disk of this test is full: empty it"
LINKS = "source.success -> step.in {fuse: false}\nstep.success -> out.in {fuse: false}"


class Trouble(Bench):
    """A run whose disk can be filled."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, processors: str = SOURCE + STEP + OUT) -> None:
        super().__init__(folder, flow(processors, LINKS, f"parameters: {{folder: {folder}}}\n"))
        self.disk = Disk()
        self.engine: Engine | None = None
        self.current: Run | None = None
        monkeypatch.setattr("engine.runtime.engine.open_ledger", self.disk.open)

    def begin(self) -> asyncio.Task[Outcome]:
        """Start or go on with the run."""
        return asyncio.ensure_future(self._execute())

    async def _execute(self) -> Outcome:
        prepared = await asyncio.to_thread(prepare, self.path, RunOptions())
        async with Engine(self.workspace) as engine:
            engine.bus.subscribe(self._note)
            self.engine = engine
            self.current = Run(engine, prepared, RunOptions())
            return await self.current.execute()

    async def host_waits(self) -> int:
        """Wait until the step is at message 100; returns its process."""
        pid = self.folder / "pid"
        await until(pid.exists)
        return int(pid.read_text(encoding="ascii"))

    def go(self) -> None:
        """Let the step go on."""
        (self.folder / "go").touch()

    def said(self, text: str) -> bool:
        """Whether anybody said so."""
        return any(text in line for _, _, line in self.log)

    def check(self, outcome: Outcome) -> None:
        """Everything is done, once."""
        assert outcome.exit_code == 0, outcome.troubles
        assert sorted(self.lines("out.jsonl")) == list(range(COUNT))
        assert outcome.summary["processors"]["out"]["in"] == COUNT


@in_a_loop
async def test_a_host_that_dies_meanwhile_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a step at work on a batch,
    bench = Trouble(tmp_path, monkeypatch)
    run = bench.begin()
    pid = await bench.host_waits()
    # when its host dies while the disk is full,
    bench.disk.fail()
    os.kill(pid, signal.SIGKILL)
    # then its batch goes back as soon as that can be written, and the run goes on.
    await bench.disk.refuses("release")
    assert not run.done()
    bench.go()
    bench.disk.heal()
    bench.check(await run)
    assert bench.said(f"{FULL}; work goes on when that is cured")
    assert bench.said("storage works again")


@in_a_loop
async def test_a_source_that_starts_again_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = python("step", "def step(n): return n")
    bench = Trouble(tmp_path, monkeypatch, GATED_SOURCE + step + OUT)
    run = bench.begin()
    pid = await bench.host_waits()
    bench.disk.fail()
    os.kill(pid, signal.SIGKILL)
    await bench.disk.refuses("open_source")
    assert not run.done()
    bench.go()
    bench.disk.heal()
    bench.check(await run)


@pytest.mark.parametrize("kind", ["python", "node"])
@in_a_loop
async def test_a_step_that_waits_for_its_state_is_not_to_blame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    # Given a step whose calls may take half a second, and ask for state,
    code = {
        "python": "def step(n, ctx):\n    ctx.state['sum'] = ctx.state.get('sum', 0) + n\n    return n",
        "node": "module.exports = (n, ctx) => { ctx.state.set('sum', ctx.state.get('sum', 0) + n); return n; }",
    }
    step = python("step", code[kind], "timeout: 0.5s").replace("type: python", f"type: {kind}")
    bench = Trouble(tmp_path, monkeypatch, SOURCE + step + OUT)
    bench.disk.fail("read_state")
    # when the ledger has no answer for longer than that,
    run = bench.begin()
    await until(lambda: bench.disk.refused.count("read_state") >= 5)
    assert not run.done()
    bench.disk.heal()
    # then no message has failed.
    bench.check(await run)


@in_a_loop
async def test_a_run_that_is_stopped_meanwhile_ends_and_goes_on_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a run that cannot commit what it has done,
    bench = Trouble(tmp_path, monkeypatch)
    run = bench.begin()
    await bench.host_waits()
    bench.disk.fail()
    bench.go()
    await bench.disk.refuses("exchange")
    # when it is stopped,
    assert bench.current is not None
    bench.current.stop()
    outcome = await asyncio.wait_for(run, 25)
    # then it ends before its patience, and says why;
    assert outcome.exit_code == 1
    assert outcome.troubles == (f"{FULL}; run it again when that is cured, it goes on from the last commit",)
    # and when there is room again, the next run goes on with everything that was there.
    bench.disk.heal()
    outcome = await bench.begin()
    assert outcome.continued
    bench.check(outcome)


@in_a_loop
async def test_a_host_at_work_is_ended_though_its_batch_cannot_go_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Trouble(tmp_path, monkeypatch)
    run = bench.begin()
    await bench.host_waits()
    bench.disk.fail()
    assert bench.current is not None
    bench.current.patience_s = 0.2
    bench.current.stop()
    outcome = await asyncio.wait_for(run, 25)
    assert outcome.exit_code == 1
    bench.go()
    bench.disk.heal()
    outcome = await bench.begin()
    assert outcome.continued
    bench.check(outcome)


@in_a_loop
async def test_a_stopped_deployment_finds_its_batches_again_in_the_same_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Trouble(tmp_path, monkeypatch)
    prepared = prepare(bench.path, RunOptions())
    async with Engine(bench.workspace) as engine:

        async def started() -> Any:
            deployment = await engine.deploy("it", prepared.plan, revision="1", run_id="r", folder=tmp_path)
            await deployment.start()
            return deployment

        deployment = await started()
        await bench.host_waits()
        bench.disk.fail()
        bench.go()
        await bench.disk.refuses("exchange")
        await asyncio.wait_for(engine.retire(deployment, 30.0), 25)
        assert deployment.failure is None
        bench.disk.heal()
        again = await started()
        await asyncio.wait_for(again.ending.finished(), 60)
        assert sorted(bench.lines("out.jsonl")) == list(range(COUNT))
        await engine.retire(again, 5.0)


@in_a_loop
async def test_a_new_plan_is_refused_and_the_old_one_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Trouble(tmp_path, monkeypatch)
    prepared = prepare(bench.path, RunOptions())
    bench.write(bench.path.read_text(encoding="utf-8").replace("return n", "return n + 1000"))
    other = prepare(bench.path, RunOptions())
    async with Engine(bench.workspace) as engine:
        deployment = await engine.deploy("it", prepared.plan, revision="1", run_id="r", folder=tmp_path)
        await deployment.start()
        await bench.host_waits()
        bench.disk.fail()
        bench.go()
        await bench.disk.refuses("exchange")
        with pytest.raises(StorageFull):
            await asyncio.wait_for(engine.replan(deployment, other.plan, "2"), 25)
        bench.disk.heal()
        await asyncio.wait_for(deployment.ending.finished(), 60)
        assert sorted(bench.lines("out.jsonl")) == list(range(COUNT))


@in_a_loop
async def test_the_end_of_a_run_waits_until_it_can_be_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Trouble(tmp_path, monkeypatch)
    run = bench.begin()
    await bench.host_waits()
    bench.disk.fail("set_facts")
    bench.go()
    await until(
        lambda: bench.current is not None and bench.current.deployment is not None and bench.current.deployment.stopping
    )
    bench.disk.refused.clear()
    await bench.disk.refuses("set_facts")
    assert not run.done()
    bench.disk.heal()
    bench.check(await run)
    assert not (await bench.begin()).continued
