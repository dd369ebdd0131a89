"""Drives one real host process by hand: a stage's specification in, tasks in, results out. No engine, no ledger."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from engine.runtime.hosts import values, wire

HOSTS = Path(wire.__file__).parent
PYTHON = (sys.executable, str(HOSTS))
NODE = ("node", str(HOSTS / "host.js"))


def step(id: str, kind: str = "python", **settings: Any) -> dict[str, Any]:
    """A step's specification with every default; `routes` maps outputs to links, `dead` lists outputs kept as dead letters."""
    return {
        "id": id,
        "kind": kind,
        "body": None,
        "config": {},
        "params": {},
        "secrets": {},
        "code": None,
        "module": None,
        "checkout": None,
        "function": None,
        "inputs": ["in"],
        "outputs": ["success", "failure"],
        "batch": False,
        "mode": "message",
        "timeout": 60.0,
        "retry": [0, 30.0],
        "routes": {},
        "dead": [],
        **settings,
    }


class HostDriver:
    """A host process running one stage; `command` starts it, by default what the first step's kind asks for.

    State is kept here, in `state[step][key] = (bytes, version)`, as a ledger would.
    """

    def __init__(
        self,
        steps: Sequence[Mapping[str, Any]],
        links: Sequence[Mapping[str, Any]],
        folder: Path,
        *,
        command: Sequence[str] | None = None,
        **spec: Any,
    ) -> None:
        (folder / "claims").mkdir(exist_ok=True)
        ours, theirs = socket.socketpair()
        ours.settimeout(60)
        self._socket = ours
        self.process = subprocess.Popen(
            [*(command or (NODE if steps[0]["kind"] == "node" else PYTHON)), str(theirs.fileno()), str(os.getpid())],
            pass_fds=[theirs.fileno()],
            env=dict(os.environ),
        )
        theirs.close()
        self.state: dict[int, dict[str, tuple[bytes, int]]] = {}
        self.state_after_s = 0.0
        """How long the ledger takes to answer."""
        self.logs: list[tuple[int, str, str]] = []
        self._task = 0
        self.send(
            {
                "k": "init",
                "stage": steps[0]["id"],
                "folder": str(folder),
                "claims": str(folder / "claims"),
                "memory": 0,
                "steps": list(steps),
                "links": list(links),
                "order": list(range(len(steps))),
                **spec,
            }
        )
        self.ready = self.receive()

    def send(self, head: dict[str, Any], body: bytes = b"") -> None:
        """One frame to the host."""
        self._socket.sendall(b"".join(wire.frame(head, body)))

    def receive(self) -> dict[str, Any]:
        """The next frame that is not a log line or a question about state; a result's batches are under `bodies`."""
        while True:
            rest, head_size = wire.frame_size(self._exactly(wire.FRAME_HEAD))
            data = self._exactly(rest)
            head = wire.head(data[:head_size])
            if head["k"] == "log":
                self.logs.append((head["step"], head["level"], head["text"]))
            elif head["k"] == "get":
                time.sleep(self.state_after_s)
                rows = self.state.get(head["step"], {})
                keys = rows if head["keys"] is None else [key for key in head["keys"] if key in rows]
                found = [[key, *rows[key]] for key in keys]
                self.send({"k": "state", "request": head["request"], "rows": found, "complete": head["keys"] is None})
            elif head["k"] != "alive":
                return self._with_bodies(head, data[head_size:])

    def task(
        self,
        contents: Sequence[Any],
        link: int = 0,
        *,
        attributes: Sequence[dict[str, str] | None] | None = None,
        attempt: int = 0,
        kind: int = 0,
        **more: Any,
    ) -> dict[str, Any]:
        """Give the host one batch over a link and return its result; what it wrote to its state is committed."""
        return self.segments([(contents, attributes, 0, len(contents))], link, attempt=attempt, kind=kind, **more)

    def segments(
        self,
        batches: Sequence[tuple[Sequence[Any], Sequence[dict[str, str] | None] | None, int, int]],
        link: int = 0,
        *,
        attempt: int = 0,
        kind: int = 0,
        **more: Any,
    ) -> dict[str, Any]:
        """Give the host several batches at once, of each the messages from one row up to another."""
        self._task += 1
        bodies = [wire.batch(values.pack(list(contents)), len(contents), attributes) for contents, attributes, _, _ in batches]
        segments = [
            [len(body), lo, hi, attempt, kind, self._task.to_bytes(8, "big") + number.to_bytes(8, "big")]
            for number, (body, (_, _, lo, hi)) in enumerate(zip(bodies, batches, strict=True))
        ]
        head = {"k": "task", "id": self._task, "mode": "batch", "link": link, "step": 0, "segments": segments, **more}
        self.send(head, b"".join(bodies))
        return self.commit(self.receive())

    def act(self, mode: str, step: int = 0) -> dict[str, Any]:
        """A `timer` or a `flush` of a step."""
        self._task += 1
        self.send({"k": "task", "id": self._task, "mode": mode, "step": step})
        return self.commit(self.receive())

    def source(self, step: int = 0, *, yielded: int = 0, credit: int = 2) -> None:
        """Start a source."""
        self._task += 1
        self.send({"k": "source", "id": self._task, "step": step, "yielded": yielded, "credit": credit})

    def drain(self, step: int = 0, **options: Any) -> list[dict[str, Any]]:
        """Run a source to its end, committing every batch; returns the results."""
        self.source(step, **options)
        results: list[dict[str, Any]] = []
        while not results or not (results[-1].get("end") or results[-1]["k"] != "result"):
            results.append(self.commit(self.receive()))
            if results[-1]["k"] == "result":
                self.send({"k": "done", "step": step, "id": results[-1]["source"][1], "ok": True})
                self.send({"k": "credit", "n": 1})
        return results

    def commit(self, result: dict[str, Any]) -> dict[str, Any]:
        """Keep what a result wrote to state, checking versions as the ledger does."""
        for step_, key, packed, seen, version, *_ in result.get("state", []):
            rows = self.state.setdefault(step_, {})
            assert rows.get(key, (b"", 0))[1] == seen, (key, seen, rows.get(key))
            if packed is None:
                rows.pop(key, None)
            else:
                rows[key] = (packed, version)
        return result

    def close(self) -> int:
        """Stop the host in good order; returns its exit status."""
        if self.process.poll() is None:
            with contextlib.suppress(OSError):
                self.send({"k": "stop"})
        deadline = time.monotonic() + 10
        while self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        if self.process.poll() is None:
            self.process.kill()
        self._socket.close()
        return self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self._socket.recv(size - len(data))
            if not piece:
                raise EOFError(f"the host ended with status {self.process.wait()}")
            data += piece
        return data

    @staticmethod
    def _with_bodies(head: dict[str, Any], body: bytes) -> dict[str, Any]:
        if head["k"] == "result":
            offset = 0
            head["bodies"] = []
            for output in head["outputs"]:
                head["bodies"].append(body[offset : offset + output[3]])
                offset += output[3]
        return head


def contents(result: Mapping[str, Any], link: int) -> list[Any]:
    """Every content that left over a link (-2: dead letters) in a result."""
    return [
        content
        for output, body in zip(result["outputs"], result["bodies"], strict=True)
        if output[0] == link
        for content in wire.messages(body)[0]
    ]


def attributes(result: Mapping[str, Any], link: int) -> list[dict[str, str]]:
    """The attributes of every message that left over a link in a result."""
    found: list[dict[str, str]] = []
    for output, body in zip(result["outputs"], result["bodies"], strict=True):
        if output[0] == link:
            inner, extra = wire.messages(body)
            found.extend((extra[row] if extra is not None else None) or {} for row in range(len(inner)))
    return found


def span(task: int, index: int, end: int | None = None) -> list[Any]:
    """A message of the one batch that a driver's nth task was given, or those up to `end`."""
    return [task.to_bytes(8, "big") + bytes(8), index, index + 1 if end is None else end]


def made_of(result: Mapping[str, Any], link: int) -> list[Any]:
    """What each message that left over a link was made of: a row of the task, or the spans of a set."""
    origins = [output[8] for output in result["outputs"] if output[0] == link]
    rows = [row for each in origins for row in (each["rows"] if isinstance(each, dict) else range(each[0], sum(each)))]
    return [row if row >= 0 else result["sets"][-1 - row] for row in rows]


def out(port: str = "in", rank: str | None = None) -> dict[str, Any]:
    """A link that leaves the stage."""
    return {"to": -1, "port": port, "rank": rank}


def into(target: int, port: str = "in") -> dict[str, Any]:
    """A link to a step of the stage."""
    return {"to": target, "port": port, "rank": None}
