"""A host: runs the steps of one stage for the engine, task by task, over a socket.

The main thread runs user code and bodies. A reader takes frames from the engine, so that state can be asked for, commits be
told of and credit be given while a call runs. The host dies with its engine.
"""

from __future__ import annotations

import ctypes
import os
import queue
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from . import claims, wire
from .bash_step import BashStep
from .body import Body, BodyContext, BodyStep, load_body
from .context import Call, Context
from .errors import Failure, NotNow, describe
from .intake import Intake, Pace
from .join_step import JoinStep
from .memory import keep_memory, limit_memory
from .output import Channel, Log, Printed, batches
from .python_code import Code, Shape, load
from .python_step import PythonStep
from .source_run import SourceRun
from .stage import MAX_MESSAGES, Place, Stage, Step
from .state import Fetch, State
from .watch import Watch, unstopped

_PDEATHSIG = 1
TASK_S = 0.5
"""A task that has taken so long ends after its slice; the rest of its batches goes back to the queue."""
_READ = 1 << 18


class Host:
    """One stage in this process."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.channel = Channel(connection)
        self.inbox: queue.SimpleQueue[tuple[dict[str, Any], memoryview]] = queue.SimpleQueue()
        self._replies: dict[int, queue.SimpleQueue[tuple[list[tuple[str, bytes, int]], bool]]] = {}
        self._requests = 0
        self._task = 0
        self.states: dict[int, State] = {}
        self.bodies: dict[int, Body] = {}
        self.codes: dict[int, Code] = {}
        self.contexts: dict[int, Context] = {}
        self.sources: dict[int, SourceRun] = {}
        self.signals: list[tuple[str, Any]] = []
        self.answers: list[tuple[str, bytes, int]] = []
        self.poke: Callable[[], None] = lambda: None
        self._calls: list[Call] = []
        self._stopping = False
        self.pace = Pace()
        self._rests = 0
        """Tasks that ended before their last message."""

    def run(self) -> None:
        """Serve until told to stop."""
        unstopped(threading.Thread(target=self._read, name="reader", daemon=True)).start()
        spec, _ = self.inbox.get()
        self.log = Log(self.channel, self._current_step)
        self._printed = (Printed(self.log.write, "info"), Printed(self.log.write, "error"))
        sys.stdout, sys.stderr = self._printed
        try:
            self._set_up(spec)
        except BaseException as error:  # whatever the user's module does at import
            failure = describe(error)
            self.channel.send(
                {
                    "k": "broken",
                    "step": spec["steps"][len(self.stage.steps)]["id"],
                    "type": failure.type,
                    "message": failure.message,
                    "traceback": failure.traceback,
                }
            )
            return
        os.register_at_fork(after_in_child=self._forked)
        self.channel.send({"k": "ready", "pid": os.getpid()})
        while not self._stopping:
            self._turn()
        for body in self.bodies.values():
            body.close()
        for printed in self._printed:
            printed.finish()

    def _forked(self) -> None:
        """This is a copy of the host, made by user code. It may do its own work, but none of the host's."""
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        self._connection.close()
        for call in self._calls:
            if call.rows is not None:
                call.rows.contents.clear()

    def _turn(self) -> None:
        """One frame, or one batch of a source."""
        source = next((source for source in self.sources.values() if source.ready), None)
        if source is None:
            self._handle(*self.inbox.get())
            return
        try:
            frame = self.inbox.get_nowait()
        except queue.Empty:
            frame = None
        # Not while the exception is being handled: a failure's traceback would tell of it.
        if frame is None:
            source.advance()
        else:
            self._handle(*frame)

    def _set_up(self, spec: Mapping[str, Any]) -> None:
        self.store = claims.Store(spec["claims"])
        self.stage = Stage(spec, self._report, self.store)
        self.watch = Watch(lambda calls: self.channel.send({"k": "alive", "id": self._task, "calls": calls}))
        self._folder = Path(spec["folder"])
        if spec.get("debug"):
            from . import debugger  # few hosts are debugged, and all are to start fast

            self.channel.send({"k": "debug", "port": debugger.listen(spec["debug"])})
            debugger.wait(spec["debug"])  # before the code is loaded, so that it can be stopped while it is
        for index, step in enumerate(spec["steps"]):
            self.states[index] = State(self._fetcher(index))
            self.stage.steps.append(self._made(index, step))
        limit_memory(spec["memory"])

    def _made(self, index: int, spec: Mapping[str, Any]) -> Step:
        makers = {"python": self._python, "bash": self._bash}
        return makers.get(spec["kind"], self._built_in)(index, spec)

    def _context(self, index: int, spec: Mapping[str, Any], call: Call) -> Context:
        return Context(
            call,
            params=spec["params"],
            outputs=frozenset(spec["outputs"]),
            state=self.states[index],
            log=lambda level, text: self.log.write(level, text, index),
            secrets=spec["secrets"],
        )

    def _bash(self, index: int, spec: Mapping[str, Any]) -> BashStep:
        step = BashStep(
            spec, str(self._folder), lambda level, text: self.log.write(level, text, index), self.watch, self._resolve
        )
        self.contexts[index] = self._context(index, spec, Call())
        self.codes[index] = Code(step.source, Shape.PLAIN, takes_ctx=False, generates=True, remembers=False)
        return step

    def _python(self, index: int, spec: Mapping[str, Any]) -> PythonStep | JoinStep:
        code = self.codes[index] = load(spec)
        call, state = Call(), self.states[index]
        self._calls.append(call)
        context = self.contexts[index] = self._context(index, spec, call)
        if code.shape is Shape.JOIN:
            return JoinStep(code, context, spec["inputs"], call, state, self.watch, spec["timeout"], self.store)
        return PythonStep(code, context, call, state, self.watch, spec["timeout"], self._resolve)

    def _resolve(self, contents: list[Any]) -> list[Any]:
        return self.store.resolve(contents) if self.store.used else contents

    def _built_in(self, index: int, spec: Mapping[str, Any]) -> BodyStep:
        state = self.states[index]
        context = BodyContext(
            spec["id"],
            params=spec["params"],
            secrets=spec["secrets"],
            outputs=spec["outputs"],
            folder=self._folder,
            state=state,
            claims=self.store,
            log=lambda level, text: self.log.write(level, text, index),
            signal=lambda step, payload: self.signals.append((step, payload)),
            hold=state.hold,
            answer=lambda call, result, version: self.answers.append((call, result, version)),
        )
        self.bodies[index] = body = load_body(spec["body"], spec["config"], context)
        self.stage.places[index].entangles = not body.fresh
        return BodyStep(body, self.watch, spec["timeout"], state.keep, state.undo)

    def _handle(self, head: dict[str, Any], body: memoryview) -> None:
        kind = head["k"]
        if kind == "task":
            self._run_task(head, body)
        elif kind == "source":
            self.sources[head["step"]] = SourceRun(self, head)
        elif kind == "credit":
            for source in self.sources.values():
                source.grant(head["n"], head.get("after", 0))
        elif kind == "forget":
            self.states[head["step"]].forget()
        elif kind == "stop":
            self._stopping = True
            for source in self.sources.values():
                source.stop()
        else:
            raise wire.WireError(f"unknown frame '{kind}'")

    def begin(self, task: int) -> None:
        """A task begins."""
        self._task = task
        self.stage.begin()
        self.signals.clear()
        self.answers.clear()
        for state in self.states.values():
            state.begin()
        for body in self.bodies.values():
            body.ctx.timers.clear()
            body.ctx.batches = ()

    def _run_task(self, head: dict[str, Any], body: memoryview) -> None:
        self.begin(head["id"])
        if head.get("rests", self._rests) < self._rests:
            # Sent before the engine knew that an earlier task leaves something over, which comes first.
            self.send_result(head["id"], rows=0)
            return
        self.stage.careful = head.get("careful", False)
        extra: dict[str, Any] = {}
        try:
            if head["mode"] == "batch":
                extra["rows"] = self._run_batches(head, Intake(head["segments"], body))
            elif head["mode"] == "timer":
                self.stage.wake(head["step"], lambda step, out: step.timer(out))
            else:
                self.stage.wake(head["step"], lambda step, out: step.flush(out))
        except NotNow as error:
            self.refuse(head["id"], error)
            return
        except MemoryError:
            # The batch as a whole did not fit: the engine halves it.
            os._exit(EXIT_MEMORY)
        if head["mode"] == "flush":
            extra["unpaired"] = self._unpaired(head["step"])
        self.send_result(head["id"], **extra)

    def refuse(self, task: int, error: NotNow) -> None:
        """The task cannot be done now; nothing of it counts."""
        for state in self.states.values():
            state.forget()
        self.store.tidy()
        self.channel.send(
            {"k": "refused", "id": task, "step": self.stage.current, "reason": error.reason, "delay": error.delay_s}
        )

    def _unpaired(self, index: int) -> dict[str, int]:
        step = self.stage.steps[index]
        if isinstance(step, JoinStep):
            return step.unpaired()
        return step.body.unpaired() if isinstance(step, BodyStep) else {}

    def _run_batches(self, head: dict[str, Any], intake: Intake) -> int:
        """Run a task's rows, a slice at a time, until all are done or the task has had its time; how many are done."""
        link: int = head["link"]
        n = len(intake)
        self.stage.origins.begin(intake.given)
        if head.get("condemned"):
            self.stage.condemn(link, intake.rows, Failure(*head["condemned"]))
            self.stage.run()
            return n
        body = self.bodies.get(self.stage.links[link].target)
        deadline = time.monotonic() + TASK_S
        done = 0
        while done < n and (not done or time.monotonic() < deadline):
            lo, hi = done, min(n, done + self.pace.size)
            if body is not None:
                body.ctx.batches, body.ctx.batch_rows = intake.marks(lo, hi)
            started = time.monotonic()
            self.stage.enter(link, intake.part(lo, hi), intake.attempts(lo, hi))
            self.stage.run()
            self.pace.learn(hi - lo, time.monotonic() - started)
            done = hi
        self._rests += done < n
        return done

    def send_result(self, task: int, **extra: Any) -> None:
        """Send what a task made."""
        for printed in self._printed:
            printed.finish()
        self.log.end()
        outputs: list[list[Any]] = []
        bodies: list[bytes] = []
        for outgoing in self.stage.outgoing:
            most = self.stage.links[outgoing.link].most if outgoing.link >= 0 else MAX_MESSAGES
            for data, n, origins, named in batches(outgoing, self.store, most):
                outputs.append(
                    [
                        outgoing.link,
                        outgoing.step,
                        n,
                        len(data),
                        outgoing.due_ms,
                        outgoing.rank,
                        outgoing.attempt,
                        outgoing.rows.kind or outgoing.kind,
                        origins,
                        named,
                    ]
                )
                bodies.append(data)
        head: dict[str, Any] = {
            "k": "result",
            "id": task,
            "outputs": outputs,
            "state": [[index, *write] for index, state in self.states.items() for write in state.writes()],
            "timers": [[index, body.ctx.timers[-1]] for index, body in self.bodies.items() if body.ctx.timers],
            "steps": [
                [place.index, place.received, place.failed, place.time_ns, place.out]
                for place in self.stage.places
                if place.received or place.out or place.time_ns
            ],
            "links": [[link.index, link.crossed, link.size] for link in self.stage.links if link.crossed],
            "signals": list(self.signals),
        }
        if self.answers:
            head["answers"] = list(self.answers)
        if self.stage.origins.sets:
            head["sets"] = self.stage.origins.sets
        if self.store.used:
            self.store.tidy(_files(head))
        extra_state = extra.pop("source_state", None)
        if extra_state:
            head["state"].extend(extra_state)
        head.update(extra)
        self.channel.send(head, *bodies)

    def _report(self, place: Place, error: Failure) -> None:
        self.log.write("warning", f"{error.type}: {error.message}", place.index)

    def _current_step(self) -> int:
        return self.stage.current if hasattr(self, "stage") else 0

    def _fetcher(self, step: int) -> Fetch:
        return lambda keys, most: self.fetch(step, keys, most)

    def fetch(self, step: int, keys: list[str] | None, most: int = 0) -> tuple[list[tuple[str, bytes, int]], bool]:
        """Ask the engine for state rows: those of the keys, or all if there are no more than `most`; and whether it was all."""
        self._requests += 1
        request = self._requests
        reply = self._replies[request] = queue.SimpleQueue()
        self.channel.send({"k": "get", "request": request, "step": step, "keys": keys, "most": most})
        return self.watch.wait(reply.get)

    def _read(self) -> None:
        """Take frames until the engine is gone."""
        try:
            self._take_frames(self._connection)
        except BaseException:  # without its reader the host would wait for ever; without the host, its work is done again
            traceback.print_exc(file=sys.__stderr__)
            os._exit(1)

    def _take_frames(self, connection: socket.socket) -> NoReturn:
        while True:
            start = _receive(connection, wire.FRAME_HEAD)
            rest, head_size = wire.frame_size(memoryview(start))
            data = memoryview(_receive(connection, rest))
            head = wire.head(data[:head_size])
            kind = head["k"]
            if kind == "state":
                rows = [tuple(row) for row in head["rows"]]
                self._replies.pop(head["request"]).put((rows, head.get("complete", False)))
            elif kind == "done":
                source = self.sources.get(head["step"])
                if source is not None:
                    source.committed(head["id"], head["ok"])
            elif kind == "signal":
                self.bodies[head["step"]].signalled(head["payload"])
            else:
                self.inbox.put((head, data[head_size:]))
                self.poke()


EXIT_MEMORY = 76


def _files(result: Mapping[str, Any]) -> set[str]:
    """The files that a result's batches and state values refer to."""
    named = [output[-1] for output in result["outputs"]] + [files for write in result["state"] for files in write[5:]]
    return {file for files in named for file in files}


def _receive(connection: socket.socket, size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        try:
            count = connection.recv_into(view)
        except OSError:
            count = 0
        if not count:
            os._exit(0)  # the engine is gone, and with it everybody who could use a result
        view = view[count:]
    return data


def die_with_parent(parent: int) -> None:
    """Have the kernel end this process when the one that started it ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def main() -> NoReturn:
    """`python hosts FD PARENT`: serve the engine at the other end of a socket."""
    descriptor, parent = int(sys.argv[1]), int(sys.argv[2])
    die_with_parent(parent)
    keep_memory()
    os.set_inheritable(descriptor, False)  # noqa: FBT003 - it takes no name
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.setswitchinterval(0.005)
    sys.argv = ["pyfi-host"]
    connection = socket.socket(fileno=descriptor)
    connection.settimeout(None)  # the program that started us may give all its sockets a limit
    Host(connection).run()
    os._exit(0)
