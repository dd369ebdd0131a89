"""Single steps of a deployment: ended at once, run once, and once more on what they took last."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator

import pytest

from engine.client.answer import History, HistoryPart, Ran
from engine.client.cluster_link import ClusterLink
from engine.client.cluster_steps import replay_last, run_once, set_steps, terminate
from engine.database.session import open_database
from engine.errors import ConflictError, NotFound
from engine.runtime.once import ENDED
from engine.stores.nodes import NodeStore
from tests.cluster.site import Site, until
from tests.engine.cli.command import answer, pyfi

KEY = "source.success->work.in"
FLOW = """
pyfi: 1
name: steered
processors:
  - id: source
    type: python
    inputs: []
    code: |
      import time

      def source():
          yield from range(5)
          time.sleep(3600)
  - id: work
    type: python
    replicas: {min: 2, max: 2}
    code: |
      import os
      import time

      def work(number):
          while number == 4 and not os.path.exists("open"):
              open("reached.jsonl", "w").close()
              time.sleep(0.02)
          return {"n": number}
  - {id: keep, type: write_lines, config: {path: out.jsonl}}
connections:
  - {from: source.success, to: work.in, fuse: false}
  - {from: work.success, to: keep.in, fuse: false}
"""


@pytest.fixture(scope="module")
def steered(redis_site: Site) -> Iterator[Site]:
    """A cluster on which `work` is stuck at the last of five messages, until there is a file `open`."""
    redis_site.deploy(FLOW, "steered")
    until((redis_site.folder / "reached.jsonl").exists, what="the last message")
    yield redis_site
    redis_site.clear()


@pytest.fixture(autouse=True)
def _target(steered: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFI_TARGETS", str(steered.targets.path))


def waits(site: Site) -> int:
    return site.waiting("steered", KEY)


def written(site: Site) -> list[int]:
    path = site.folder / "out.jsonl"
    return [json.loads(line)["n"] for line in path.read_text().splitlines()] if path.exists() else []


def test_what_is_terminated_ends_at_once_and_loses_nothing(steered: Site) -> None:
    with steered.cluster() as cluster:
        with pytest.raises(NotFound, match="no processor 'wrk'"):
            terminate(cluster, "steered", ["wrk"])
        done = set(written(steered))
        until(lambda: len(steered.slots("work")) == 2)
        workers = steered.agents["a"].workers()
        steered.linked(lambda link: link.terminate("steered", ["work"]))
        until(lambda: sum(not worker.is_running() for worker in workers) == 2, what="two workers ended, hosts and all")
        until(lambda: waits(steered) == 5 - len(done), what="what it was at to wait again")
        assert cluster.standing("steered").stopped == ("work",)
        (message, *_) = cluster.peek("steered", KEY).messages
        assert message.attempt == 0
        # And it is no longer terminated when it is started again.
        set_steps(cluster, "steered", ["work"], running=True)
        until(lambda: len(steered.slots("work")) == 2)
        done = pyfi("terminate", "steered", "work", "--target", steered.target.name, cwd=steered.folder)
        assert done.stdout == "work: stopped, and what it was at is ended\n"
        until(lambda: not [line for line in cluster.log("steered", within="work") if line.level == "error"])


def test_what_is_stopped_runs_once(steered: Site) -> None:
    with steered.cluster() as cluster:
        set_steps(cluster, "steered", ["source"], running=False)
        waiting = waits(steered)
        with pytest.raises(ConflictError, match="'keep' of 'steered' must be stopped"):
            run_once(cluster, "steered", ["keep"])
        assert steered.linked(lambda link: link.run_once("steered", ["work"], timeout_s=1)) == [
            Ran("work", 0, "it was not done within 1 seconds; what it was at is as before")
        ]
        # Who ends it meanwhile is told of; nothing is tried again.
        found: list[Ran] = []
        asking = threading.Thread(target=lambda: found.extend(_run_alone(steered)))
        asking.start()
        (steered.folder / "reached.jsonl").unlink(missing_ok=True)
        until((steered.folder / "reached.jsonl").exists, what="the last message once more")
        with pytest.raises(ConflictError, match="runs once just now"):
            run_once(cluster, "steered", ["work"])
        terminate(cluster, "steered", ["work"])
        asking.join()
        assert found == [Ran("work", 0, ENDED)]
        assert waits(steered) == waiting
        (steered.folder / "open").touch()
        assert run_once(cluster, "steered", ["work"], messages=1) == [Ran("work", 1)]
        assert waits(steered) == waiting - 1
        command = ("run-once", "steered", "work", "--target", steered.target.name)
        assert answer(pyfi(*command, "--json", cwd=steered.folder))["ran"][0]["messages"] == waiting - 1
        done = pyfi(*command, cwd=steered.folder)
        assert (done.returncode, done.stdout) == (1, "work: nothing waits before it\n")
        until(lambda: sorted(written(steered)) == [0, 1, 2, 3, 4], what="all five")
        cluster.stop("steered")
        assert run_once(cluster, "steered", ["work", "keep"])[1] == Ran("keep", 0, "nothing waits before it")
        assert not steered.slots("once:keep")
    with contextlib.closing(open_database(steered.target.database)) as database:
        workers = NodeStore(database).workers
        until(
            lambda: not [each for each in workers() if each.stage.startswith("once:")], what="no row of a worker that is gone"
        )


def _run_alone(site: Site) -> list[Ran]:
    with site.cluster() as cluster:
        return run_once(cluster, "steered", ["work"])


def test_what_was_taken_last_comes_once_more(steered: Site) -> None:
    with steered.cluster() as cluster:
        with pytest.raises(ConflictError, match="'keep' does not run"):
            replay_last(cluster, "steered", "keep")
        (steered.folder / "out.jsonl").unlink()
        cluster.start("steered", fresh=True)
        set_steps(cluster, "steered", ["source"], running=True)
        until(lambda: waits(steered) == 5 and steered.slots("keep"))
        with pytest.raises(NotFound, match="has taken nothing since"):
            replay_last(cluster, "steered", "keep")
        with pytest.raises(NotFound, match="it makes them"):
            replay_last(cluster, "steered", "source")
        set_steps(cluster, "steered", ["work"], running=True)
        until(lambda: sorted(written(steered)) == [0, 1, 2, 3, 4], what="the five of the fresh start, and no others")
        until(lambda: len(steered.slots("work")) == 2)
        # Of two workers the one is asked that took the last.
        last = written(steered)[-1]
        assert steered.linked(lambda link: link.replay_last("steered", "work")) == {KEY: 1}
        until(lambda: len(written(steered)) == 6)
        assert written(steered)[-1] == last
        command = ("replay-last", "steered", "keep", "--target", steered.target.name)
        assert pyfi(*command, cwd=steered.folder).stdout == "work.success->keep.in: 1 message put in again\n"
        until(lambda: len(written(steered)) == 7)
        assert written(steered)[-1] == last
        with pytest.raises(NotFound, match="no processor"):
            replay_last(cluster, "steered", "kep")


def test_what_was_done_is_kept_and_seen_second_by_second(steered: Site) -> None:
    parts = [HistoryPart(processor="keep"), HistoryPart(connection=KEY), HistoryPart(processor="gone")]

    def seen(histories: list[History], number: int, column: str) -> float:
        found = histories[number]
        return sum(row[found.columns.index(column)] for row in found.rows)

    async def watch(link: ClusterLink) -> None:
        first = await link.histories("steered", parts)
        assert (first[0].every_s, seen(first, 0, "in")) == (1, 0)
        await link.replay_last("steered", "keep")
        while seen(await link.histories("steered", parts), 0, "in") < 1:  # noqa: ASYNC110 - it is done elsewhere
            await asyncio.sleep(0.1)
        with pytest.raises(NotFound):
            await link.histories("steerd", parts)
        # By the minute all of it is there when nobody keeps the deployment any more.
        before = seen(await link.histories("steered", parts, since_ms=0), 0, "in")
        await link.stop("steered")
        while seen(found := await link.histories("steered", parts, since_ms=0), 0, "in") <= before:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.1)
        assert seen(found, 1, "passed") >= 5
        assert found[2].rows == []

    steered_in = pyfi("stats", "steered", "--processor", "keep", "--target", steered.target.name, cwd=steered.folder)
    assert "keep" in steered_in.stdout
    steered.linked(watch)
