"""Calls of steps on a cluster: what they give, and that they are answered whoever is gone meanwhile."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.client.call import let_go
from engine.client.cluster import Cluster
from engine.client.cluster_calls import Origin, begin_call, calls_name
from engine.client.cluster_gate import ClusterGate
from engine.client.engine import Engine
from engine.client.flow import Opened
from engine.cluster.leftovers import expire_results
from engine.cluster.planning import planned
from engine.database.session import open_database
from engine.dispatch.celery import CeleryDispatcher
from engine.errors import ConflictError, HostError, NotFound
from engine.runtime.calls import PREFIX, NewCall
from engine.stores.cluster import Order
from engine.stores.flows import FlowStore
from pyfi import Call, Socket, funnel, parallel, pipeline
from tests.cluster.site import Site, until
from tests.contract.test_results import s3_url
from tests.engine.cli.command import Done, answer, environment, process, pyfi
from tests.engine.client.test_call import FLOW
from tests.servers import Redis

STEPS = """
pyfi: 1
name: steps
parameters: {more: 1}
processors:
  - {id: make, type: generate, config: {count: 1}}
  - {id: add, type: python, code: "def add(x, ctx): return x + ctx.params['more']"}
  - {id: twice, type: python, code: "def twice(x): return 2 * x"}
  - {id: keep, type: python, outputs: [success], code: "def keep(x): return x"}
connections:
  - {from: make.success, to: add.in}
  - {from: add.success, to: twice.in}
  - {from: twice.success, to: keep.in}
auto_terminate: [keep.success]
"""
LARGE = bytes(range(256)) * (12 << 10)


@pytest.fixture(autouse=True)
def no_gates() -> Iterator[None]:
    """Nobody stays connected to a cluster that ends."""
    yield
    let_go()


@pytest.fixture
def known(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The shared cluster, known to this process by its name."""
    return know(site, monkeypatch)


@pytest.fixture
def one(redis_site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """One on Redis alone, for what has nothing to do with the broker."""
    yield know(redis_site, monkeypatch)
    redis_site.clear()


def know(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("PYFI_TARGETS", str(site.targets.path))
    return site


def cli(site: Site, *arguments: str) -> Done:
    return pyfi(*arguments, "--target", site.target.name, cwd=site.folder)


def calls_of(site: Site) -> dict[str, str]:
    """Every call of the target, and how it stands."""
    return {call["id"]: call["state"] for call in answer(cli(site, "ls", "calls", "--json"))}


def answers(file: Path, target: str, workspace: Path | None) -> dict[str, Any]:
    """What calls of every kind give on a target."""

    def socket(step: str) -> Socket:
        return Socket(f"{file}.{step}", target=target, workspace=workspace)

    double, half, same, total = (socket(step) for step in ("double", "half", "same", "total"))
    calls = {
        "one": (double, 21),
        "types": (same, {"pair": (1, 2.5), "raw": b"\xff", 3: None}),
        "none": (socket("none"), 1),
        "several": (socket("many"), 3),
        "route": (socket("odd"), 3),
        "node": (socket("node"), 4),
        "bash": (socket("shell"), "abc"),
        "subflow": (socket("deep/times"), 5),
        "again": (socket("stubborn"), 5),
        "large": (pipeline(parallel(same, same), same), LARGE),
        "nested": (parallel(pipeline(parallel(double, half), total), pipeline(double, parallel(half, half)), half), 8),
        "funnel": (funnel([double, pipeline(half, half), parallel(double)], same), 8),
    }
    under_way = {name: graph.send(data) for name, (graph, data) in calls.items()}
    given = {name: call.result(60) for name, call in under_way.items()}
    failed = pipeline(double, socket("bad"), same).send(3).sent(60).error
    (marked,) = socket("marks").send(1, attributes={"color": "red"}).sent(60).sent
    return given | {"failed": failed, "marked": (marked.port, marked.attributes["seen"], marked.content["color"])}


def test_calls_give_what_they_give_on_this_machine(known: Site, tmp_path: Path) -> None:
    file = tmp_path / "numbers.flow.yaml"
    file.write_text(FLOW)
    try:
        local = answers(file, "local", tmp_path / "ws")
    finally:
        asyncio.run(_shut_down(tmp_path / "ws"))
    assert local["nested"] == [20, [8, 8], 4]
    assert answers(file, known.target.name, None) == local
    until(lambda: "open" not in calls_of(known).values(), what="all calls over")
    assert {queue["messages"] for queue in answer(cli(known, "ls", "queues", "--json"))} == {0}


async def _shut_down(workspace: Path) -> None:
    engine = Engine(workspace)
    await engine.shut_down(patience_s=5)
    await engine.close()


def test_steps_of_a_deployed_flow_are_called_as_it_is_now(known: Site) -> None:
    known.deploy(STEPS, "steps", overrides={"more": 10})
    target = known.target.name
    add, twice = (Socket(f"steps.{step}", target=target) for step in ("add", "twice"))
    assert pipeline(add, twice)(1) == 22
    before = _at(known)
    assert asyncio.run(_awaited(add)) == [10, 11, 12, 13]
    assert _at(known) == before, "nothing had to be deployed anew"
    assert Socket("steps.keep", target=target)(3) == 3, "a step that is called later, beside the others"
    known.deploy(STEPS.replace("2 * x", "3 * x"), "steps")
    assert pipeline(add, twice)(1) == 6
    with pytest.raises(NotFound, match="has no processor 'ad'; did you mean 'add'"):
        Socket("steps.ad", target=target)(1)
    with pytest.raises(NotFound, match=r"there is no deployment 'step'.*did you mean 'steps'"):
        Socket("step.add", target=target)(1)
    with known.cluster() as cluster:
        assert [wanted.flow_name for wanted in cluster.situation().deployments] == ["steps", "steps"]
        cluster.undeploy("steps")
        assert not cluster.situation().deployments, "the calls of a flow go with it"


async def _awaited(socket: Socket) -> list[Any]:
    return await asyncio.gather(*(socket.call(n) for n in range(4)))


def _at(site: Site) -> int:
    with site.cluster() as cluster:
        return cluster.order(f"{PREFIX}steps").wanted.change


def test_the_shell_calls_and_asks_after_calls(one: Site) -> None:
    one.deploy(STEPS, "steps")
    run = ("task", "run", "--socket", "steps.add", "--target", one.target.name)
    done = process(*run, "--port", "success", cwd=one.folder, stdin="1\n2\n", **one.environment())
    assert (done.stdout, done.stderr) == ("2\n3\n", "")
    id = pyfi(*run, "--data", "5", "--no-wait", cwd=one.folder).stdout.strip()
    assert cli(one, "calls", "result", id, "--port", "success").stdout == "6\n"
    assert cli(one, "show", "call", id).stdout == f"{id}  done\n  success: 6\n"
    assert calls_of(one)[id] == "done"
    with one.cluster() as cluster:
        cluster.stop(f"{PREFIX}steps")
    waiting = pyfi(*run, "--data", "7", "--no-wait", cwd=one.folder).stdout.strip()
    shown = cli(one, "calls", "show", waiting).stdout
    assert f"{waiting}  open" in shown
    assert "waits: 'calls:steps' is stopped; start it" in shown
    assert "add" in shown.splitlines()[-1], "where its message is"
    with one.cluster() as cluster:
        cluster.start(f"{PREFIX}steps")
    assert cli(one, "calls", "result", waiting, "--port", "success").stdout == "8\n"
    assert "there is no call 'nobody'" in cli(one, "calls", "show", "nobody").stderr


CALLER = """
import sys, time
from pyfi import Socket
print(Socket("steps.twice", target=sys.argv[1]).send(21).id, flush=True)
time.sleep(600)
"""


def test_a_call_outlives_whoever_made_it_and_waits_for_capacity(
    new_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    site = know(new_site("redis", results=redis_server.url), monkeypatch)
    site.deploy(STEPS, "steps")
    caller = subprocess.Popen(
        [sys.executable, "-c", CALLER, site.target.name],
        env=environment(**site.environment()),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert caller.stdout is not None
    id = caller.stdout.readline().strip()
    caller.send_signal(signal.SIGKILL)
    caller.wait()
    caller.stdout.close()
    call = Call(id, target=site.target.name)
    assert not call.is_done()
    with pytest.raises(TimeoutError, match="it goes on"):
        call.result(timeout_s=0)
    site.agent("a")
    assert call.result(60) == 42
    # Agents and servers go and come while calls are under way.
    twice = Socket("steps.twice", target=site.target.name)
    pending = [twice.send(n) for n in range(50)]
    site.agents["a"].kill()
    site.agent("b")
    assert [call.result(60) for call in pending] == [2 * n for n in range(50)], site.logs()


def test_a_call_survives_a_restart_of_the_servers(
    new_site: Callable[[str], Site], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    site = know(new_site("redis"), monkeypatch)
    site.agent("a")
    site.deploy(STEPS, "steps")
    twice = Socket("steps.twice", target=site.target.name)
    assert twice(1) == 2
    pending = [twice.send(n) for n in range(20)]
    for server in ("postgresql", "redis_server"):
        request.getfixturevalue(server).restart()
    assert [call.result(120) for call in pending] == [2 * n for n in range(20)], site.logs()
    assert twice(4, timeout_s=60) == 8


def test_results_are_kept_in_s3_beyond_the_flow(
    new_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch, moto_url: str
) -> None:
    site = know(new_site("redis", results=s3_url(moto_url)), monkeypatch)
    site.agent("a")
    site.deploy(STEPS, "steps")
    add, twice = (Socket(f"steps.{step}", target=site.target.name) for step in ("add", "twice"))
    call = parallel(add, twice).send(4)
    assert call.result(60) == [5, 8]
    with site.cluster() as cluster:
        cluster.undeploy("steps")
    let_go()
    assert Call(call.id, target=site.target.name).result(10) == [5, 8]
    assert asyncio.run(expire_results(site.target, keep_s=0)) == 1
    with pytest.raises(NotFound, match="there is no call"):
        Call(call.id, target=site.target.name).result(10)


def test_a_call_of_the_same_id_is_one_call(one: Site) -> None:
    one.deploy(STEPS.replace('return x"', "x == 'mark' and open('seen', 'a').write('x'); return x\""), "steps")

    async def work() -> Any:
        gate = ClusterGate(one.target)
        for _ in range(3):
            await gate.call("same-id", "steps", "keep", "mark", {})
        first = await gate.wait("same-id", 60)
        await gate.call("same-id", "steps", "keep", "mark", {})
        found = await gate.wait("same-id", 60) == first
        await gate.aclose()
        return found

    assert asyncio.run(work())
    assert (one.folder / "seen").read_text() == "x"


def test_what_keeps_a_call_from_going_on_is_told(one: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    one.deploy(STEPS.replace("def twice(x)", r"import nowhere\n\ndef twice(x)"), "steps")
    call = Socket("steps.twice", target=one.target.name).send(2)
    with monkeypatch.context() as patch:
        patch.setattr("engine.client.cluster_gate._TROUBLE_S", 0.0)
        with pytest.raises(HostError, match=r"No module named 'nowhere'.*waits until that is cured"):
            call.result(60)
    one.deploy(STEPS, "steps")
    assert Socket("steps.twice", target=one.target.name)(5) == 10
    assert call.result(60) == 4


def test_a_step_that_calls_wait_for_does_not_go(one: Site) -> None:
    one.deploy(STEPS, "steps")
    with one.cluster() as cluster:
        add, keep = (Socket(f"steps.{step}", target=one.target.name) for step in ("add", "keep"))
        assert (add(1), keep(1)) == (2, 1)
        cluster.stop(f"{PREFIX}steps")
        until(lambda: not one.slots("keep"), what="no worker")
        waiting = keep.send(2)
        gone = STEPS.replace("id: keep", "id: last").replace("to: keep", "to: last").replace("[keep", "[last")
        one.deploy(gone, "steps")
        with pytest.raises(ConflictError, match="still hold messages"):
            add(1)
        one.deploy(STEPS, "steps")
        cluster.start(f"{PREFIX}steps")
        assert add(1) == 2
    assert waiting.result(60) == 2


def test_a_deployment_whose_deployer_was_killed_goes_on(one: Site) -> None:
    one.deploy(STEPS, "steps")
    twice = Socket("steps.twice", target=one.target.name)
    assert twice(1) == 2
    with one.cluster() as cluster:
        name = f"{PREFIX}steps"
        order = cluster.order(name)

        plan = planned(order).plan
        cluster.ask(lambda ledger: ledger.register(name, plan.queues(), list(plan.steps), "what no row ever said"))
        assert not cluster.is_known(order)
        until(lambda: cluster.is_known(order), what="the keeper to mend it")
    assert twice(2, timeout_s=60) == 4, one.logs()


def test_first_calls_at_once_share_one_way_to_the_broker(one: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    one.deploy(STEPS, "steps")
    made: list[CeleryDispatcher] = []

    class Counted(CeleryDispatcher):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            made.append(self)

    async def work() -> list[Any]:
        gate = ClusterGate(one.target)
        await asyncio.gather(*(gate.call(f"at-once-{n}", "steps", "twice", n, {}) for n in range(8)))
        found = [(await gate.wait(f"at-once-{n}", 60)).value for n in range(8)]
        await gate.aclose()
        return found

    monkeypatch.setattr("engine.client.cluster_gate.CeleryDispatcher", Counted)
    assert asyncio.run(work()) == [2 * n for n in range(8)]
    assert len(made) == 1


class Meanwhile(Cluster):
    """The cluster, where something is done by others, once, while calls are made ready."""

    read: Callable[[], None] | None = None
    """When the flow was just read."""
    deployed: Callable[[], None] | None = None
    """When the copies were just deployed."""

    def order(self, name: str) -> Order:
        found = super().order(name)
        work, self.read = self.read, None
        if work is not None:
            work()
        return found

    def deploy_calls(self, copies: Opened, name: str, origin: Origin, found: Order | None) -> None:
        super().deploy_calls(copies, name, origin, found)
        work, self.deployed = self.deployed, None
        if work is not None:
            work()


def test_a_flow_that_changes_while_it_is_copied_is_copied_again(one: Site) -> None:
    one.deploy(STEPS, "steps")
    newer = STEPS.replace("2 * x", "3 * x")
    with Meanwhile(one.target) as cluster:
        cluster.read = lambda: one.deploy(newer, "steps") and None
        first = begin_call(cluster, "steps", NewCall("before", "twice", 1), None)
        second = begin_call(cluster, "steps", NewCall("after", "twice", 1), first)
        copied = cluster.order(second.name).flow
        assert "3 * x" in repr(copied)
        assert "2 * x" not in repr(copied)


def test_a_call_whose_deployment_is_taken_away_meanwhile_has_it_made_again(one: Site) -> None:
    one.deploy(STEPS, "steps")

    def undeploy() -> None:
        with one.cluster() as other:
            other.undeploy(f"{PREFIX}steps")

    with Meanwhile(one.target) as cluster:
        cluster.deployed = undeploy
        assert begin_call(cluster, "steps", NewCall("once-more", "twice", 4), None).name == f"{PREFIX}steps"
    assert Call("once-more", target=one.target.name).result(60) == 8


def test_flow_files_of_one_name_are_called_apart_and_replace_no_stored_flow(one: Site, tmp_path: Path) -> None:
    one.deploy(STEPS, "steps")
    files = [tmp_path / folder / "steps.flow.yaml" for folder in ("here", "there")]
    for factor, file in zip("45", files, strict=True):
        file.parent.mkdir()
        file.write_text(STEPS.replace("2 * x", f"{factor} * x"))
    target = one.target.name
    here, there = (Socket(f"{file}.twice", target=target) for file in files)
    pending = [step.send(1) for step in (here, there, here)]
    assert [call.result(60) for call in pending] == [4, 5, 4]
    names = {calls_name(str(file)) for file in files}
    with one.cluster() as cluster:
        assert {wanted.name for wanted in cluster.situation().deployments} == {"steps", *names}
    with closing(open_database(one.target.database)) as database:
        assert "2 * x" in repr(FlowStore(database).export("steps"))
    for name in names:
        assert cli(one, "undeploy", name).returncode == 0


def test_a_flow_file_is_known_by_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = calls_name("steps.flow.yaml")
    assert name.startswith("calls:steps.flow.yaml-")
    assert name == calls_name(str(tmp_path / "steps.flow.yaml")) != calls_name("other/steps.flow.yaml")
    assert calls_name("steps") == "calls:steps"
