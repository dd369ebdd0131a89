"""Editing a message that waits: its content, its attributes, nothing else. It keeps its place, its age and its origin.

Nothing is locked while somebody thinks. An edit names the version that was shown; it is refused when the message has gone on,
is being worked on, or was edited by somebody else meanwhile.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from engine.errors import ConflictError, NotFound, UsageError
from engine.ledger.base import DEAD, Claimed, Ledger, Outcome, Rewrite
from engine.model.problem import shown
from engine.runtime.hosts import claims, values, wire
from engine.runtime.typed_json import from_json

Find = Callable[[], tuple[Claimed, int]]
"""Finds the batch of the message, and its index there; raises NotFound."""
_AGAIN = 20
"""Other messages of the same batch may be edited, and parts of it worked off, while this one is."""


class Edit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a message is to be, and the `version` that it has now.

    `content` is JSON as a peek shows it, with a `$type` for what JSON lacks. What is left out stays as it is. `at` is where the
    message was seen, `by` who edits it.
    """

    id: str
    version: str
    at: str = ""
    content: Any | UnsetType = UNSET
    attributes: dict[str, str] | None = None
    by: str = ""


def version_of(content: Any, attributes: dict[str, str] | None) -> str:
    """What tells a message from what it was before an edit."""
    return hashlib.blake2b(values.pack([content, attributes or {}]), digest_size=8).hexdigest()


def entry(key: str, id: bytes, index: int, by: str) -> bytes:
    """An edit as the lineage log has it: a task without parents and children, and a sixth part that says what was."""
    source, _, target = key.partition("->")
    step = key.removeprefix(DEAD) if key.startswith(DEAD) else target.rpartition(".")[0] or source
    return values.pack([step, "", [], [], [], [key, id, index, by]])


class Editor:
    """Writes an edit into the queue `key` of a ledger. Without a claims folder, `store`, large content stays in the row."""

    def __init__(self, ledger: Ledger, store: Path | None, key: str, find: Find, wanted: Edit) -> None:
        self._ledger = ledger
        self._store = claims.Store(store or "")
        self._key = key
        self._find = find
        self._wanted = wanted
        self._content = UNSET if wanted.content is UNSET else _read(wanted.content)

    def write(self) -> list[str]:
        """Do it; returns files nobody refers to any more.

        Raises:
            NotFound: the message has gone on.
            ConflictError: it is being worked on, or was edited meanwhile.
            UsageError: the content cannot be read, or is not the user's to change.
        """
        content = self._content
        if content is UNSET or claims.length(content) <= self._store.limit:
            return self._write(content)
        put = self._store.put(content)
        try:
            return self._write(put)
        except (ConflictError, NotFound, UsageError):
            # Not after a fault of the storage, which may have taken it; what it has not taken is swept away some day.
            self._store.path(put).unlink(missing_ok=True)
            raise

    def _write(self, content: Any) -> list[str]:
        wanted = self._wanted
        for _ in range(_AGAIN):
            batch, index = self._find()
            outcome, orphans = self._ledger.rewrite(self._rewritten(batch, index, content))
            if outcome is Outcome.DONE:
                return orphans
            if outcome is Outcome.TAKEN:
                raise ConflictError(f"the message {wanted.id} is being worked on just now; nothing was changed")
        raise ConflictError(
            f"the queue {shown(self._key)} changes too fast; stop the processor behind it, then edit the message"
        )

    def _rewritten(self, batch: Claimed, index: int, content: Any) -> Rewrite:
        wanted = self._wanted
        if batch.kind:
            raise UsageError(
                f"the message {wanted.id} was put back half done by its processor, whose own its content is now; "
                "it cannot be edited"
            )
        contents, attributes = wire.messages(batch.body)
        own = (attributes[index] if attributes is not None else None) or {}
        if version_of(contents[index], own) != wanted.version:
            raise ConflictError(
                f"the message {wanted.id} was edited by somebody else meanwhile; look at it again, then edit it"
            )
        if content is not UNSET:
            contents[index] = content
        if wanted.attributes is not None:
            attributes = list(attributes or [None] * len(contents))
            attributes[index] = wanted.attributes or None
        body = wire.batch(values.pack(contents), len(contents), attributes)
        return Rewrite(
            batch,
            body,
            max(0, batch.size + len(body) - len(batch.body)),
            claims.named(contents),
            entry(self._key, batch.id, index, wanted.by),
            int(time.time() * 1000),
        )


def _read(content: Any) -> Any:
    read = from_json(content)
    try:
        values.pack(read)
    except (values.UnsupportedValue, ValueError) as error:
        raise UsageError(f"this content cannot wait in a queue: {error}") from None
    return read
