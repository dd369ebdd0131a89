"""Where a server of PYFI listens: one for the engine, one for the gateway, with the same manners."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Callable, Generator

import uvicorn
from starlette.types import ASGIApp

from engine.errors import UsageError


class HttpServer(uvicorn.Server):
    """Leaves signals to us."""

    def __init__(self, app: ASGIApp) -> None:
        # Events hold their connections for ever: when the server ends they are not waited for.
        super().__init__(uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=1,
            ws_max_size=1 << 20, server_header=False, proxy_headers=False,
        ))  # fmt: skip

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Nothing to capture."""
        yield


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        UsageError: the address cannot be listened on.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(f"cannot listen on '{host}' ({error.strerror}); give another --host") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(1024)
        listener.setblocking(False)  # noqa: FBT003 - its name says it
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"cannot listen on {host} port {port} ({reason}); give another --port, or 0 for any") from None
    return listener


def url_of(host: str, listener: socket.socket) -> str:
    """Where it is reached from this machine."""
    port = listener.getsockname()[1]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - to be reached from this machine
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def warn_of_others(host: str, what_they_can: str, said: Callable[[str], None]) -> None:
    """Say what it means that other machines can reach this."""
    if not _is_loopback(host):
        said(
            f"warning: {host} can be reached from other machines; whoever has the token can {what_they_can}, "
            "and nothing is encrypted: use a tunnel or a TLS proxy"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
