"""Bytes on the way: a batch (in a pipe, a queue row, a file) and a frame (between the engine and a host).

Batch: `PYB1`, u32 length of the header, u32 length of the contents, then three MessagePack values: header (a map with at least
`n`, the number of messages), contents (an array of n values, see `values`), attributes (nil, or an array of n maps
or nils). Numbers are little-endian. The dispatcher moves batches without reading them.

Frame: u32 length of the rest, u32 length of the head, then the head (a MessagePack map; `k` is its kind) and a body (bytes).

| to the host | head | body |
|---|---|---|
| init | the stage, see `Stage` | |
| task | id, mode, step; of a batch link, segments [[bytes, lo, hi, attempt, kind, id]], condemned, careful | the batches |
| source | id, step, yielded (to skip), credit, careful (for how many batches), behind (messages wait behind the source) | |
| credit | n more source batches may be under way; after: up to this one they have left the queue behind the source | |
| done | id, ok: the task's commit is in the ledger, or was dropped | |
| state | request, rows [[key, value, version]], complete (these are all the rows) | |
| forget | step: drop what is cached of its state | |
| signal | step, payload: said by another step | |
| stop | end the sources, finish, exit | |

| from the host | head | body |
|---|---|---|
| ready | pid | |
| broken | error: the stage cannot be set up | |
| result | id, outputs, state, timers, steps, links, signals, sets; see below | the batches |
| refused | id, step, reason, delay: not now; nothing of the task counts | |
| source_failed | id, step, type, message, traceback, delay | |
| get | request, step, keys (nil: all), most (give all rows if there are no more) | |
| log | step, level, text | |
| alive | id, step, calls | |

A task's mode is batch, timer or flush; `condemned` is nil or [type, message]. A source's result also has source [step, serial,
yielded] and end; a batch's has rows, how many are done; a flush's has unpaired. A state write is [step, key, value or nil,
version it is based on, its version], with [files] behind if it refers to some. `sets` is there when messages were made of
several (see `origins`), `answers` when calls were: [call id, result in bytes, version of its row among the open calls or 0].
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from . import values

MAGIC = b"PYB1"
_BATCH = struct.Struct("<4sII")
_FRAME = struct.Struct("<II")
FRAME_HEAD = _FRAME.size
NO_ATTRIBUTES = values.pack(None)


class WireError(ValueError):
    """Bytes that are not a batch or a frame."""


def batch(contents: bytes, n: int, attributes: Sequence[dict[str, str] | None] | None = None) -> bytes:
    """A batch of `n` messages whose contents are packed already."""
    header = values.pack({"n": n})
    tail = NO_ATTRIBUTES if attributes is None else values.pack(list(attributes))
    return b"".join((_BATCH.pack(MAGIC, len(header), len(contents)), header, contents, tail))


def open_batch(data: bytes | memoryview) -> tuple[int, memoryview, memoryview]:
    """Number of messages, packed contents and packed attributes of a batch; raises WireError."""
    view = memoryview(data)
    try:
        magic, header_size, contents_size = _BATCH.unpack_from(view)
        if magic != MAGIC:
            raise WireError("these bytes are not a batch")
        start = _BATCH.size + header_size
        n = values.unpack(view[_BATCH.size : start])["n"]
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise WireError("these bytes are not a batch") from error
    return n, view[start : start + contents_size], view[start + contents_size :]


def messages(data: bytes | memoryview) -> tuple[list[Any], list[dict[str, str] | None] | None]:
    """Contents and attributes of every message of a batch."""
    _, contents, attributes = open_batch(data)
    return values.unpack(contents), values.unpack(attributes)


def frame(head: dict[str, Any], *body: bytes | memoryview) -> list[bytes | memoryview]:
    """The pieces of a frame, to be written one after the other."""
    packed = values.pack(head)
    size = sum(map(len, body))
    return [_FRAME.pack(4 + len(packed) + size, len(packed)), packed, *body]


def frame_size(data: bytes | bytearray | memoryview) -> tuple[int, int]:
    """From a frame's first 8 bytes: how many bytes follow them, and how many of those are the head."""
    rest, head = _FRAME.unpack_from(data)
    if head > rest - 4:
        raise WireError("a frame's head is longer than the frame")
    return rest - 4, head


def head(data: bytes | memoryview) -> dict[str, Any]:
    """A frame's head."""
    return values.unpack(data)
