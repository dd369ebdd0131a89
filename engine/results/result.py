"""Result: what became of a call, and how it is written in bytes."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from engine.errors import CallFailed
from engine.runtime.hosts import values

HEAD_BYTES = 2
"""Of a result in bytes, so many tell whether the call failed."""
_FALSE = 0xC2


class Sent(Struct, frozen=True):
    """A message that the last step of a call sent: by which output, with what."""

    port: str
    content: Any
    attributes: dict[str, str] = {}


class Failed(Struct, frozen=True):
    """Why a call failed: the error's type and sentence, the traceback in the user's code, the processor that it failed in."""

    type: str
    message: str
    traceback: str = ""
    processor: str = ""


class Result(Struct, frozen=True):
    """What became of a call: the messages that its last step sent, or why it failed."""

    sent: tuple[Sent, ...] = ()
    error: Failed | None = None

    @property
    def value(self) -> Any:
        """What the call gave: the content of the only message sent; None if there was none, a list if there were several.

        Raises:
            CallFailed: the call failed.
        """
        if self.error is not None:
            raise CallFailed(
                self.error.type, self.error.message, traceback=self.error.traceback, processor=self.error.processor
            )
        contents = [each.content for each in self.sent]
        return contents[0] if len(contents) == 1 else contents or None


def pack(result: Result) -> bytes:
    """A result in bytes, its values with the exact types they have (see `values`).

    The layout is [ok, [[port, content, attributes or nil]], error or nil], an error being [type, message, traceback,
    processor]. The steps of calls write it, too, without this module.
    """
    sent = [[each.port, each.content, each.attributes or None] for each in result.sent]
    error = result.error
    told = None if error is None else [error.type, error.message, error.traceback, error.processor]
    return values.pack([error is None, sent, told])


def unpack(data: bytes) -> Result:
    """The result behind bytes that `pack` made."""
    _, sent, error = values.unpack(data)
    return Result(
        tuple(Sent(port, content, attributes or {}) for port, content, attributes in sent),
        None if error is None else Failed(*error),
    )


def has_failed(data: bytes) -> bool:
    """Whether bytes that `pack` made, or the first of them, are those of a failed call."""
    return data[1] == _FALSE
