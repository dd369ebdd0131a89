"""Calls from Python, on a real engine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.api.address import find_engine
from engine.api.remote import EngineClient
from engine.client.engine import Engine
from engine.errors import CallFailed, ConflictError, HostError, NotFound, UsageError
from engine.model.codec import load_flow
from engine.runtime.queues import Queue
from pyfi import Call, Called, Socket, funnel, parallel, pipeline
from tests.engine.cli.command import environment

FLOW = """
pyfi: 1
name: numbers
parameters: {n: 3}
processors:
  - {id: make, type: generate, config: {count: 1}}
  - {id: double, type: python, code: "def process(x): return x * 2"}
  - {id: half, type: python, code: "def process(x): return x / 2"}
  - {id: total, type: python, code: "def process(x): return sum(x)"}
  - {id: same, type: python, code: "def process(x): return x"}
  - {id: none, type: python, code: "def process(x): return None"}
  - {id: many, type: python, code: "def process(x): yield from range(x)"}
  - {id: bad, type: python, code: "def process(x): raise ValueError(f'no {x}')"}
  - {id: odd, type: route, config: {rules: {odd: "content % 2"}, otherwise: even}}
  - {id: node, type: node, code: "module.exports = (x) => x === 0 ? undefined : x + 1"}
  - {id: shell, type: bash, code: "tr a-z A-Z"}
  - id: marks
    type: python
    outputs: [success, other, failure]
    code: |
      def process(x, ctx):
          ctx.emit("other", dict(ctx.attributes), {"seen": "yes"})
  - id: stubborn
    type: python
    retry: {attempts: 2, penalty: 0.01s}
    code: |
      def process(x, ctx):
          if ctx.attempt < 2:
              raise OSError("not yet")
          return [x, ctx.attempt]
  - id: count
    type: python
    code: |
      def process(x, ctx):
          with open(x, "a") as file:
              file.write("x")
          return x
  - {id: deep, flow: inner, parameters: {k: "${n}"}}
connections:
  - {from: make.success, to: same.in}
auto_terminate: [same.success]
subflows:
  - name: inner
    parameters: {k: 1}
    inputs: [in]
    outputs: [success]
    processors:
      - {id: times, type: python, code: "def process(x, ctx): return x * ctx.params['k']"}
    connections:
      - {from: in, to: times.in}
      - {from: times.success, to: success}
"""
"""Not complete: nothing feeds most of it. Its steps can be called all the same."""


WHOLE = """
pyfi: 1
name: whole
processors:
  - {id: make, type: generate, config: {count: 1}}
  - {id: double, type: python, code: "def process(x): return x * 2"}
connections:
  - {from: make.success, to: double.in}
auto_terminate: [double.success]
"""


DOUBLE = "def process(x): return x * 2"
SLOW = r"import time\n\ndef process(x):\n    time.sleep(1)\n    return x * 2"
UNABLE = rf"import nowhere\n{DOUBLE}"


class Home:
    """A folder with the flow, and a workspace whose engine calls start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace = folder / "ws"
        self.file = folder / "numbers.flow.yaml"
        self.file.write_text(FLOW, encoding="utf-8")

    def __getattr__(self, step: str) -> Socket:
        return self.socket(step)

    def socket(self, step: str) -> Socket:
        return Socket(f"{self.file}.{step}", workspace=self.workspace)

    def change(self, before: str, after: str) -> None:
        text = self.file.read_text(encoding="utf-8")
        assert before in text
        self.file.write_text(text.replace(before, after), encoding="utf-8")

    @property
    def pid(self) -> int:
        address = find_engine(self.workspace)
        assert address is not None
        return address.pid

    def queued(self) -> dict[str, int]:
        """What waits anywhere."""
        address = find_engine(self.workspace)
        assert address is not None
        with EngineClient(address) as client:
            return {queue.key: queue.messages for queue in client.get("/queues", list[Queue]) if queue.messages}

    def open_calls(self) -> list[str]:
        address = find_engine(self.workspace)
        assert address is not None
        with EngineClient(address) as client:
            calls: list[dict[str, Any]] = client.get("/calls", list[dict[str, Any]], limit=10_000)
        return [call["id"] for call in calls if call["state"] == "open"]

    def close(self) -> None:
        async def end() -> None:
            engine = Engine(self.workspace)
            await engine.shut_down(patience_s=5)
            await engine.close()

        asyncio.run(end())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = Home(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Home]:
    """One that a test may change and kill."""
    made = Home(tmp_path)
    yield made
    made.close()


# -- what a call gives


def test_a_step_is_called_like_a_function(home):
    assert home.double(21) == 42
    assert home.double("ab") == "abab"


def test_values_come_back_with_their_exact_types(home):
    value = {"pair": (1, Decimal("2.50")), "raw": b"\xff", 3: None}
    assert home.same(value) == value


@pytest.mark.parametrize(
    ("step", "data", "gives"),
    [
        ("none", 1, None),
        ("many", 3, [0, 1, 2]),
        ("many", 1, 0),
        ("many", 0, None),
        ("odd", 3, 3),
        ("odd", 4, 4),
        ("node", 4, 5),
        ("node", 0, None),
        ("shell", "abc", "ABC"),
        ("deep/times", 5, 15),
    ],
)
def test_steps_of_every_kind_give_what_they_send(home, step, data, gives):
    assert home.socket(step)(data) == gives


def test_attributes_go_along_and_outputs_are_told(home):
    call = home.marks.send(1, attributes={"color": "red"})
    (sent,) = call.sent().sent
    assert (sent.port, sent.attributes["seen"], sent.content["color"]) == ("other", "yes", "red")
    assert pipeline(home.same, home.marks)(1, attributes={"color": "red"})["color"] == "red"


def test_a_failure_is_raised_with_its_traceback(home):
    with pytest.raises(CallFailed, match="processor 'bad' failed: ValueError: no 7") as caught:
        home.bad(7)
    error = caught.value
    assert (error.type, error.message, error.processor) == ("ValueError", "no 7", "bad")
    assert "raise ValueError(f'no {x}')" in error.traceback


def test_a_step_is_tried_again_as_in_its_flow(home):
    assert home.stubborn(5) == [5, 2]


def test_large_content_goes_through_every_way(home):
    large = os.urandom(3 << 20)
    assert home.same(large) == large
    assert pipeline(home.same, home.same)(large) == large
    assert pipeline(parallel(home.same, home.same), home.same)(large) == [large, large]


# -- several steps


def test_steps_are_put_together(home):
    double, half, total = home.double, home.half, home.total
    assert pipeline(double, double, half)(3) == 6
    assert pipeline([double, double])(3) == 12
    assert parallel(double, half)(8) == [16, 4]
    assert funnel([double, half], total)(8) == 20
    assert funnel([double, pipeline(half, half), parallel(double)], home.same)(8) == [16, 2, [16]]
    nested = parallel(pipeline(parallel(double, half), total), pipeline(double, parallel(half, half)), half)
    assert nested(8) == [20, [8, 8], 4]
    assert pipeline(home.many, total)(5) == 10


def test_what_is_behind_a_step_that_fails_never_runs(home, tmp_path):
    seen = str(tmp_path / "seen")
    with pytest.raises(CallFailed, match="no 1"):
        pipeline(home.bad, home.count)(1)
    with pytest.raises(CallFailed, match=f"no {seen}"):
        parallel(pipeline(home.bad, home.same), home.count, home.bad)(seen)
    until(lambda: Path(seen).exists())  # what is beside it comes to its end
    until(lambda: not home.open_calls() and not home.queued())


def test_many_calls_at_once_do_not_mix(home):
    graph = funnel([home.double, home.half, pipeline(home.double, home.double)], home.same)

    async def work() -> list[Any]:
        return await asyncio.gather(*(graph.call(n) for n in range(100)))

    assert asyncio.run(work()) == [[n * 2, n / 2, n * 4] for n in range(100)]
    until(lambda: not home.open_calls() and not home.queued())


# -- handles


def test_a_handle_is_awaited_and_asked(home):
    async def work() -> Any:
        call = await home.double.start(4)
        return await call, await call.wait(5)

    assert asyncio.run(work()) == (8, 8)
    call = home.double.send(5)
    assert call.result() == 10
    assert call.is_done()


def test_another_process_fetches_the_result(home):
    call = home.double.send([1])
    code = f"from pyfi import Call; print(Call({call.id!r}, workspace={str(home.workspace)!r}).result())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    assert done.stdout == "[1, 1]\n"


def test_a_call_of_the_same_id_is_one_call(home, tmp_path):
    from engine.client.local_gate import LocalGate

    async def work() -> Any:
        gate = LocalGate(home.workspace)
        for _ in range(3):
            await gate.call("same-id", str(home.file), "count", str(tmp_path / "n"), {})
        first = await gate.wait("same-id")
        await gate.call("same-id", str(home.file), "count", str(tmp_path / "n"), {})
        found = await gate.wait("same-id") == first
        await gate.aclose()
        return found

    assert asyncio.run(work())
    assert (tmp_path / "n").read_text() == "x"


def test_waiting_ends_at_its_time_and_the_call_goes_on(own):
    own.change(DOUBLE, SLOW)
    call = own.double.send(1)
    with pytest.raises(TimeoutError, match="it goes on"):
        call.result(timeout_s=0)
    assert call.result() == 2


# -- durability


def test_calls_outlive_the_caller(own):
    code = (
        "import os, signal, sys\nfrom pyfi import Socket, pipeline\n"
        f"step = Socket('{own.file}.double', workspace='{own.workspace}')\n"
        "print(pipeline(step, step).send(5).id, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == -signal.SIGKILL
    assert Call(done.stdout.strip(), workspace=own.workspace).result() == 20


def test_calls_survive_that_everybody_is_killed(own):
    graph = funnel([own.double, pipeline(own.half, own.double), own.same], own.same)
    graph(0)
    calls = [graph.send(n) for n in range(60)]
    killed = []
    for _ in range(3):
        engine = psutil.Process(own.pid)
        killed.append(engine.pid)
        for process in [engine, *engine.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):  # it ended by itself, its engine being gone
                process.send_signal(signal.SIGKILL)
        engine.wait()
        # Whoever asks for a result starts the next engine.
        calls.append(graph.send(len(calls)))
    assert len(set(killed)) == 3
    assert [call.result() for call in calls] == [[n * 2, n, n] for n in range(len(calls))]
    assert own.open_calls() == []
    assert own.queued() == {}


def test_who_waits_outlasts_that_the_engine_is_killed(own):
    own.change(DOUBLE, SLOW)
    own.half(1)
    found: list[Any] = []
    waiting = threading.Thread(target=lambda: found.append(own.double(4)))
    waiting.start()
    until(own.open_calls)
    os.kill(own.pid, signal.SIGKILL)
    waiting.join()
    assert found == [8]


# -- flows that change, steps that cannot run


def test_a_flow_that_has_changed_is_called_as_it_is_now(own):
    assert own.double(1) == 2
    own.change("return x * 2", "return x * 20")
    assert own.double(1) == 20


def test_a_deployed_flow_is_called_by_its_name_and_taken_away_with_its_calls(own):
    async def deploy() -> None:
        engine = Engine(own.workspace)
        await engine.launch()
        await engine.deploy("mine", load_flow(WHOLE), own.folder)
        await engine.close()

    async def remove() -> list[str]:
        engine = Engine(own.workspace)
        await engine.rename("mine", "ours")
        names = sorted(each.name for each in await engine.deployments())
        await engine.remove("ours")
        left = [each.name for each in await engine.deployments()]
        await engine.close()
        return [*names, *left]

    asyncio.run(deploy())
    double = Socket("mine.double", workspace=own.workspace)
    assert double(4) == 8
    with pytest.raises(NotFound, match="no flow 'mind' is deployed here; did you mean 'mine'"):
        Socket("mind.double", workspace=own.workspace)(4)
    assert asyncio.run(remove()) == ["calls:ours", "ours"]


def test_a_step_that_cannot_start_is_told_and_answers_when_it_is_mended(own):
    own.change(DOUBLE, UNABLE)
    call = own.double.send(4)
    with pytest.raises(HostError, match=rf"nowhere.*the call {call.id} waits until that is cured"):
        call.result()
    own.change(UNABLE, DOUBLE)
    own.half(1)
    assert own.double(1) == 2
    assert call.result() == 8


def test_calls_of_a_step_that_goes_keep_it_from_going(own):
    own.change(DOUBLE, UNABLE)
    own.double.send(4)
    own.change("{id: double,", "{id: doubled,")
    with pytest.raises(ConflictError, match=r"still hold messages: 'call\.double->double\.in'"):
        own.half(4)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda home: home.make(1), "'make' is a source"),
        (lambda home: home.duble(1), "no processor 'duble'; did you mean 'double'"),
        (lambda home: home.deep(1), "'deep' is a subflow"),
        (lambda home: Socket("double"), "'double' names no step; use FLOW.STEP"),
        (lambda home: Socket("none.such", workspace=home.workspace)(1), "no flow 'none' is deployed here"),
        (lambda home: pipeline(), "a pipeline of nothing cannot be called"),
        (lambda home: parallel(home.double, Socket("other.step")), "must be steps of one flow"),
        (lambda home: Call("nothing", workspace=home.workspace).result(), "there is no call 'nothing'"),
    ],
)
def test_wrong_use_is_told(home, make: Callable[[Home], Called], told):
    with pytest.raises(UsageError, match=told):
        make(home)


def until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)
