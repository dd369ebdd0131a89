"""Archive, what a processor's code was: asks the database for it, by way of the shelf."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from engine.client.library import CodeVersion, Library

_LASTED = timedelta(seconds=30)


class Shelving(Protocol):
    """What an archive needs of a shelf."""

    def ask(self, question: Callable[[Library], Any]) -> Coroutine[Any, Any, Any]:
        """Ask the database."""
        ...


class Archive:
    """The versions of one processor's code. `settle` waits until the newest edit is saved, too."""

    def __init__(self, shelf: Shelving, flow_id: str, key: str, settle: Callable[[], Awaitable[None]]) -> None:
        self._shelf = shelf
        self._flow_id = flow_id
        self._key = key
        self._settle = settle

    async def versions(self) -> Sequence[CodeVersion]:
        """All that were saved, newest first."""
        await self._settle()
        return await self._shelf.ask(lambda library: library.code_history(self._flow_id, self._key))

    async def code(self, revision: int) -> str:
        """The code of a version."""
        return await self._shelf.ask(lambda library: library.code_at(self._flow_id, self._key, revision))

    def note(self, revision: int, note: str) -> asyncio.Future[Any]:
        """Note something on a version; begun at once, and done even if nobody waits for it."""
        ask = self._shelf.ask(lambda library: library.note_code(self._flow_id, self._key, revision, note))
        return asyncio.shield(asyncio.ensure_future(ask))


def lasting(versions: Sequence[CodeVersion]) -> list[CodeVersion]:
    """Those that somebody would look for: every key is saved, and most of that stood only until the next key.

    What lasts stood for half a minute, has a note, was left to another author, or is the newest or the first.
    """
    kept: list[CodeVersion] = []
    after: CodeVersion | None = None
    for number, each in enumerate(versions):
        is_end = after is None or number == len(versions) - 1
        if is_end or each.note or (after and (after.author != each.author or after.at - each.at >= _LASTED)):
            kept.append(each)
        after = each
    return kept


def time_of(at: datetime) -> str:
    """When a version was saved, for people here."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}"
