"""A debugger: the side of the Debug Adapter Protocol that sets breakpoints, steps, and looks at variables.

The protocol: https://microsoft.github.io/debug-adapter-protocol/specification. JSON behind a `Content-Length` header.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self

from msgspec import Struct

from engine.errors import HostError
from engine.runtime.debugging import DebugAddress, Debugging
from engine.runtime.host import HOSTS

__all__ = ["DebugAddress", "Debugger", "Debugging", "Frame", "Step", "Stop", "Variable"]

Step = Literal["continue", "next", "stepIn", "stepOut"]
_LENGTH = b"content-length:"
_MOST_FRAMES = 50
_HOSTS = str(HOSTS)


class Frame(Struct, frozen=True):
    """A call that has not returned yet: a function, and the line it stands at."""

    id: int
    name: str
    file: str
    line: int


class Variable(Struct, frozen=True):
    """A name and its value as text. `reference` is not 0 where there is more inside, which `Debugger.variables` tells."""

    name: str
    value: str
    type: str
    reference: int


class Stop(Struct, frozen=True):
    """The code stands: why (`breakpoint`, `step`, `exception`, ...) and where, the innermost call of the user's first."""

    reason: str
    thread: int
    frames: tuple[Frame, ...]


class Debugger:
    """Attached to one host. Make it with `Debugger.attach`; what it does not wait for any more goes on running."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._serial = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._stops: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue()
        self._initialized = asyncio.Event()
        self._listening = asyncio.ensure_future(self._listen())

    @classmethod
    async def attach(cls, address: DebugAddress, breakpoints: Sequence[int]) -> Self:
        """Attach with breakpoints at these lines of the processor's file; the host runs from then on."""
        try:
            reader, writer = await asyncio.open_connection(address.host, address.port)
        except OSError as error:
            raise HostError(f"cannot attach to {address}: {error.strerror}; is the host still there?") from error
        self = cls(reader, writer)
        try:
            await self._request("initialize", adapterID="debugpy", clientID="pyfi", linesStartAt1=True, pathFormat="path")
            attached = asyncio.ensure_future(self._request("attach", justMyCode=True, redirectOutput=False))
            await self._initialized.wait()
            await self.set_breakpoints(address.file, breakpoints)
            await self._request("configurationDone")
            await attached
        except BaseException:
            await self.detach()
            raise
        return self

    async def set_breakpoints(self, file: Path, lines: Sequence[int]) -> None:
        """Stop at these lines of a file and at no others of it."""
        await self._request(
            "setBreakpoints", source={"path": str(file)}, breakpoints=[{"line": line} for line in lines], lines=list(lines)
        )

    async def stopped(self) -> Stop | None:
        """Wait until the code stands; None: the host has ended."""
        told = await self._stops.get()
        if told is None:
            self._stops.put_nowait(None)
            return None
        thread = int(told["threadId"])
        answer = await self._request("stackTrace", threadId=thread, startFrame=0, levels=_MOST_FRAMES)
        frames = tuple(
            Frame(each["id"], each["name"], each["source"].get("path", ""), each["line"])
            for each in answer["stackFrames"]
            if each.get("source")
        )
        users = tuple(frame for frame in frames if not frame.file.startswith(_HOSTS))
        return Stop(told.get("reason", ""), thread, users)

    async def locals(self, frame: Frame) -> list[Variable]:
        """The local variables of a call."""
        scopes = (await self._request("scopes", frameId=frame.id))["scopes"]
        return await self.variables(scopes[0]["variablesReference"]) if scopes else []

    async def variables(self, reference: int) -> list[Variable]:
        """What is inside a variable."""
        answer = await self._request("variables", variablesReference=reference)
        return [
            Variable(each["name"], each["value"], each.get("type") or "", each.get("variablesReference", 0))
            for each in answer["variables"]
        ]

    async def go_on(self, stop: Stop, step: Step = "continue") -> None:
        """Continue, or go one step."""
        await self._request(step, threadId=stop.thread)

    async def detach(self) -> None:
        """Leave the code to itself: it goes on, and stops at no breakpoint any more."""
        if not self._listening.done():
            with contextlib.suppress(HostError):
                await self._request("disconnect", terminateDebuggee=False)
        self._writer.close()
        self._listening.cancel()
        await asyncio.wait({self._listening})

    def drop(self) -> None:
        """Cut the connection without a word, as the end of a debugger's process does."""
        self._writer.transport.abort()

    async def _request(self, command: str, **arguments: Any) -> dict[str, Any]:
        if self._listening.done():
            raise HostError("the host has ended; nothing is left to debug")
        self._serial += 1
        answer = self._answers[self._serial] = asyncio.get_running_loop().create_future()
        text = json.dumps({"seq": self._serial, "type": "request", "command": command, "arguments": arguments}).encode()
        self._writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(text), text))
        told = await answer
        if not told["success"]:
            raise HostError(f"the debugger refuses '{command}': {told.get('message', 'it says no reason')}")
        return told.get("body") or {}

    async def _listen(self) -> None:
        try:
            while True:
                self._take(json.loads(await self._reader.readexactly(await self._length())))
        except (OSError, EOFError):
            return
        finally:
            self._stops.put_nowait(None)
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(HostError("the host has ended; nothing is left to debug"))

    async def _length(self) -> int:
        length = 0
        while line := (await self._reader.readuntil(b"\n")).strip().lower():
            if line.startswith(_LENGTH):
                length = int(line.removeprefix(_LENGTH))
        return length

    def _take(self, told: dict[str, Any]) -> None:
        if told["type"] == "response":
            answer = self._answers.pop(told["request_seq"], None)
            if answer is not None and not answer.done():
                answer.set_result(told)
        elif told.get("event") == "initialized":
            self._initialized.set()
        elif told.get("event") == "stopped":
            self._stops.put_nowait(told["body"])
