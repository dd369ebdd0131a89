"""Names of the queues: one for each stage of each deployment of each target."""

from __future__ import annotations

import hashlib
import re

from engine.dispatch.base import Ticket

_PLAIN = re.compile(r"[A-Za-z0-9_]{1,22}")
_BETWEEN = "--"


class Names:
    """Names that every broker takes: letters, digits, `-` and `_`, no more than 80 of them on SQS.

    Args:
        target: The target's name.
        family: What all names begin with. Queues that are made differently need different families, or they could not replace
            each other.
    """

    def __init__(self, target: str, family: str = "pyfi") -> None:
        self._begin = (family, _part(target))

    def prefix(self, deployment: str) -> str:
        """How the names of all queues of a deployment begin, and no others."""
        return _BETWEEN.join((*self._begin, _part(deployment), ""))

    def queue(self, ticket: Ticket) -> str:
        """The name of a stage's queue."""
        return self.prefix(ticket.deployment) + _part(ticket.stage)


def _part(name: str) -> str:
    """`name` where it is short and plain, else how it begins and a digest; a single `-` occurs in the second form only."""
    if _PLAIN.fullmatch(name):
        return name
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)[:11]
    return f"{plain}-{hashlib.blake2b(name.encode(), digest_size=5).hexdigest()}"
