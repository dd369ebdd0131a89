"""Results in S3 or what speaks its language (MinIO, Ceph ...): an object for each, looked for by whoever waits."""

# ruff: noqa: D102 - the interface says what each method means

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# boto3 has no types.

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qs, quote, unquote, urlsplit

import boto3.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from engine.errors import PyfiError, StorageError, StorageReadOnly, UsageError
from engine.results.base import Entry, ResultStore
from engine.results.result import HEAD_BYTES, has_failed

_FOLDER = "results/"
_AT_ONCE = 1000
_TAKEN = frozenset({"PreconditionFailed", "412"})
_MEANWHILE = frozenset({"ConditionalRequestConflict", "409"})
_MISSING = frozenset({"NoSuchKey", "404"})
_KEYS = frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthFailure", "InvalidClientTokenId", "ExpiredToken"})
_DENIED = frozenset({"AccessDenied", "403", "AllAccessDisabled"})
_TRIES = 5
_Done = TypeVar("_Done")


class S3Results(ResultStore):
    """Results behind `s3://[KEY:SECRET@]BUCKET[/PREFIX][?endpoint=http://HOST:PORT&region=REGION]`.

    Without a key in the URL, it is found where AWS keeps it: in the environment, in `~/.aws`, in the machine's role. The bucket
    must be there. Its clock, by the second, says when a result was put.
    """

    first_look_s = 0.05
    last_look_s = 1.0

    def __init__(self, url: str) -> None:
        super().__init__()
        parts = urlsplit(url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        unknown = sorted(set(query) - {"endpoint", "region"})
        if not parts.hostname or unknown:
            wrong = f"has a parameter '{unknown[0]}'" if unknown else "names no bucket"
            raise UsageError(f"the results' URL {wrong}; use s3://BUCKET/PREFIX?endpoint=http://HOST:PORT&region=REGION")
        self._bucket = parts.netloc.rpartition("@")[2]
        prefix = unquote(parts.path).strip("/")
        self._prefix = f"{prefix}/{_FOLDER}" if prefix else _FOLDER
        endpoint = query.get("endpoint")
        self._place = _place(endpoint)
        self._options: dict[str, Any] = {
            "endpoint_url": endpoint,
            "region_name": query.get("region") or ("us-east-1" if endpoint else None),
            "aws_access_key_id": unquote(parts.username) if parts.username else None,
            "aws_secret_access_key": unquote(parts.password) if parts.password else None,
            "config": Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 2, "mode": "standard"}),
        }
        self._client: Any = None
        self._making = threading.Lock()

    async def probe(self) -> None:
        """Raise StorageError unless the bucket is there and lets us in."""
        await self._do(lambda client: client.head_bucket(Bucket=self._bucket))

    async def put_packed(self, results: Sequence[tuple[str, bytes]]) -> list[bool]:
        first = list(await asyncio.gather(*(self._do(self._putting(id, packed)) for id, packed in results)))
        for id, _ in results:
            self._tell(id)
        return first

    def _putting(self, id: str, packed: bytes) -> Callable[[Any], bool]:
        def put(client: Any) -> bool:
            for attempt in range(_TRIES):
                try:
                    client.put_object(Bucket=self._bucket, Key=self._key(id), Body=packed, IfNoneMatch="*")
                    return True
                except ClientError as error:
                    if _code(error) in _TAKEN:
                        return False
                    if _code(error) not in _MEANWHILE or attempt == _TRIES - 1:  # somebody puts it just now
                        raise
            raise AssertionError("the loop returns or raises")

        return put

    async def get_packed(self, id: str) -> bytes | None:
        return await self._do(lambda client: self._read(client, self._key(id)))

    async def forget(self, id: str) -> bool:
        def drop(client: Any) -> bool:
            known = self._read(client, self._key(id), most=HEAD_BYTES) is not None
            client.delete_object(Bucket=self._bucket, Key=self._key(id))
            return known

        return await self._do(drop)

    async def expire(self, before_ms: int) -> int:
        def drop(client: Any) -> int:
            old = [key for at_ms, key, _ in self._listed(client) if at_ms < before_ms]
            for start in range(0, len(old), _AT_ONCE):
                objects = [{"Key": key} for key in old[start : start + _AT_ONCE]]
                client.delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})
            return len(old)

        return await self._do(drop)

    async def recent(self, limit: int = 100) -> list[Entry]:
        def look(client: Any) -> list[Entry]:
            newest = sorted(self._listed(client), reverse=True)[:limit]
            heads = [(at_ms, key, size, self._read(client, key, most=HEAD_BYTES)) for at_ms, key, size in newest]
            return [
                Entry(unquote(key.removeprefix(self._prefix)), at_ms, size, has_failed(head))
                for at_ms, key, size, head in heads
                if head is not None
            ]

        return await self._do(look)

    async def close(self) -> None:
        if self._client is not None:
            await asyncio.to_thread(self._client.close)

    def _key(self, id: str) -> str:
        return self._prefix + quote(id, safe="")

    def _read(self, client: Any, key: str, most: int = 0) -> bytes | None:
        part = {"Range": f"bytes=0-{most - 1}"} if most else {}
        try:
            with client.get_object(Bucket=self._bucket, Key=key, **part)["Body"] as body:
                return body.read()
        except ClientError as error:
            if _code(error) in _MISSING:
                return None
            raise

    def _listed(self, client: Any) -> Iterator[tuple[int, str, int]]:
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix):
            for each in page.get("Contents", ()):
                yield int(each["LastModified"].timestamp() * 1000), each["Key"], each["Size"]

    async def _do(self, work: Callable[[Any], _Done]) -> _Done:
        return await asyncio.to_thread(self._done, work)

    def _done(self, work: Callable[[Any], _Done]) -> _Done:
        with self._explained():
            with self._making:
                if self._client is None:
                    # A session of its own: the one that boto3 keeps for all is not for threads.
                    self._client = boto3.session.Session().client("s3", **self._options)
            return work(self._client)

    @contextlib.contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except (BotoCoreError, ClientError, ValueError) as error:
            raise self._explanation(error) from error

    def _explanation(self, error: Exception) -> PyfiError:
        where = f"the results' S3 at {self._place}"
        if isinstance(error, NoCredentialsError):
            return StorageError(f"{where} wants a key and none is set: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        if isinstance(error, ClientError):
            code = _code(error)
            if code in _KEYS:
                return StorageError(f"{where} does not accept the key ({code}): correct the access key and its secret")
            if code in _DENIED:
                cure = "allow this key to list, get, put and delete objects there"
                return StorageReadOnly(f"{where} refuses access to the bucket '{self._bucket}': {cure}")
            if code in ("NoSuchBucket", *_MISSING):
                return StorageError(f"{where} has no bucket '{self._bucket}': create it, or correct the results' URL")
            return StorageError(f"{where} refuses ({code}): see its log")
        if isinstance(error, ValueError):
            return UsageError("the endpoint in the results' URL cannot be read; use ?endpoint=http://HOST:PORT")
        return StorageError(f"{where} cannot be reached ({type(error).__name__}): start it, or correct the results' URL")


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _place(endpoint: str | None) -> str:
    """HOST:PORT of an endpoint."""
    if not endpoint:
        return "amazonaws.com:443"
    parts = urlsplit(endpoint)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
