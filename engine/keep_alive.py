"""How PostgreSQL and its clients find out that the other is not there any more, when no word of its end can come through.

Without this, whoever sends something to a machine that was cut off waits a quarter of an hour for the network to give up; and
the server keeps the locks of a client that is gone for two hours.
"""

from __future__ import annotations

_IDLE_S, _EVERY_S, _TIMES = 5, 2, 3
_PATIENCE_MS = 10_000

ANSWERS: dict[str, int] = {
    "keepalives": 1,
    "keepalives_idle": _IDLE_S,
    "keepalives_interval": _EVERY_S,
    "keepalives_count": _TIMES,
    "tcp_user_timeout": _PATIENCE_MS,
}
"""Parameters of a connection: after so long without a sign of the server it is lost. Some systems know not all of them."""

SETTINGS = (
    f"tcp_keepalives_idle = {_IDLE_S}",
    f"tcp_keepalives_interval = {_EVERY_S}",
    f"tcp_keepalives_count = {_TIMES}",
    f"tcp_user_timeout = {_PATIENCE_MS}",
)
"""The same for the server, about this client: what it is to `SET`."""
