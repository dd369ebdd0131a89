"""Opens the result store that a URL names; what one of them needs is imported only then."""

from __future__ import annotations

import contextlib
from collections.abc import Generator

from engine.errors import UsageError
from engine.results.base import KEEP_S, ResultStore

_SCHEMES = "sqlite:///PATH, postgresql://USER:PASSWORD@HOST/NAME, redis://:PASSWORD@HOST:PORT, s3://BUCKET or memory:"


def open_results(url: str, keep_s: float = KEEP_S) -> ResultStore:
    """The store behind a URL. Nothing is connected before it is first used.

    Redis drops every result by itself after `keep_s`; in the others they stay until `expire` is called.

    Raises:
        UsageError: the URL names no store, or what reaches it is not installed.
    """
    scheme = url.partition(":")[0].partition("+")[0]
    if scheme == "memory":
        from engine.results.memory import MemoryResults

        return MemoryResults()
    if scheme in ("sqlite", "postgresql", "postgres"):
        from engine.results.sql import SqlResults

        return SqlResults(url.replace("postgres:", "postgresql:", 1) if scheme == "postgres" else url)
    if scheme in ("redis", "rediss"):
        with _installed("redis", "cluster"):
            from engine.results.redis import RedisResults

            return RedisResults(url, keep_s)
    if scheme == "s3":
        with _installed("boto3", "s3"):
            from engine.results.s3 import S3Results

            return S3Results(url)
    # Not shown but for its scheme: the rest may hold a password.
    shown = f"begins with '{scheme[:20]}:', which PYFI does not know" if "://" in url else "cannot be read"
    raise UsageError(f"the results' URL {shown}; use {_SCHEMES}")


async def probe(url: str) -> None:
    """See whether the store behind a URL can be used.

    Raises:
        UsageError: the URL names no store.
        StorageError: its server cannot be reached or does not let us in; says which server, why, and the cure.
    """
    store = open_results(url)
    try:
        await store.probe()
    finally:
        await store.close()


@contextlib.contextmanager
def _installed(package: str, extra: str) -> Generator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise UsageError(f"results there need the package {package}; install it with `pip install 'pyfi[{extra}]'`") from error
