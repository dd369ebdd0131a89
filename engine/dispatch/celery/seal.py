"""The seal on a ticket, by which a target knows its own.

itsdangerous, not Celery's own `auth` serializer: that one signs with a private key and a certificate per node, which somebody
must make, hand out and renew, while a target has one key that all its nodes share.
"""

from __future__ import annotations

import hashlib

import msgspec
from itsdangerous import BadSignature, Signer

from engine.dispatch.base import Ticket

_SALT = b"pyfi.ticket"
_MOST_CHARS = 10_000
"""Nothing longer is read: a ticket is two names."""


class BrokenSeal(Exception):
    """What came is no ticket, or none of this target."""


class Seal:
    """Makes texts of tickets and tickets of texts, with an HMAC-SHA256 by the target's key.

    It bears no time: whoever can repeat a ticket only makes somebody look for work once more.
    """

    def __init__(self, key: str | bytes) -> None:
        self._signer = Signer(key, salt=_SALT, key_derivation="hmac", digest_method=hashlib.sha256)

    def close(self, ticket: Ticket) -> str:
        """The text of a ticket."""
        return self._signer.sign(msgspec.json.encode((ticket.deployment, ticket.stage))).decode()

    def open(self, text: object) -> Ticket:
        """The ticket of a text.

        Raises:
            BrokenSeal: it is none, or sealed with another key.
        """
        if not isinstance(text, str) or len(text) > _MOST_CHARS:
            raise BrokenSeal
        try:
            deployment, stage = msgspec.json.decode(self._signer.unsign(text), type=tuple[str, str])
        except (BadSignature, msgspec.MsgspecError, ValueError) as error:
            raise BrokenSeal from error
        return Ticket(deployment, stage)
