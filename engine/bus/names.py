"""Names, what a target's channels and keys are called in Redis."""

from __future__ import annotations

from engine.errors import UsageError
from engine.model.problem import shown

_SPECIAL = frozenset(":*?[]\\")


class Names:
    """Of one target: several may share a server.

    Raises:
        UsageError: the target's name has a character that means something in the name of a key.
    """

    def __init__(self, target: str) -> None:
        if not target or not target.isprintable() or _SPECIAL & set(target):
            raise UsageError(f"{shown(target)} cannot be the name of a target; use letters, digits, - and _")
        self._prefix = f"pyfi:{target}"
        self.snapshots = f"{self._prefix}:snapshots"
        """A sorted set: of which flows there are snapshots, and until when (milliseconds since the epoch)."""

    def channel(self, kind: str, flow: str) -> str:
        """Where events of a kind and a flow are published."""
        return f"{self._prefix}:{kind}:{flow}"

    def channels(self, kind: str) -> str:
        """A pattern: events of a kind, of every flow."""
        return f"{self._prefix}:{kind}:*"

    def kind_and_flow(self, channel: bytes) -> tuple[str, str]:
        """What is published on a channel."""
        kind, _, flow = channel.decode()[len(self._prefix) + 1 :].partition(":")
        return kind, flow

    def snapshot(self, publisher: str, flow: str) -> str:
        """A hash: what a publisher has said of a flow."""
        return f"{self._prefix}:snapshot:{self.member(publisher, flow)}"

    @staticmethod
    def member(publisher: str, flow: str) -> str:
        """What stands for it in `snapshots`."""
        return f"{publisher}:{flow}"

    @staticmethod
    def publisher_and_flow(member: bytes) -> tuple[str, str]:
        """Whose it is, and of what."""
        publisher, _, flow = member.decode().partition(":")
        return publisher, flow
