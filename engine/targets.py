"""Targets: the clusters that a user of this machine knows, kept in `targets.toml` beside the settings.

    [prod]
    broker = "amqp://pyfi:...@rabbit.example.org//"
    results = "redis://:...@redis.example.org/1"
    bus = "redis://:...@redis.example.org/0"
    database = "postgresql://pyfi:...@db.example.org/pyfi"
    shared = ["/mnt/flows"]

The file holds passwords, so only its owner can read it. The variable PYFI_TARGETS names another one. A target may be given by
variables alone, as in a container: PYFI_TARGET_PROD_BROKER, ..._RESULTS, ..._BUS, ..._DATABASE, ..._SHARED.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
from msgspec import Struct, structs

from engine.errors import ConflictError, NotFound, StorageError, UsageError
from engine.model.problem import did_you_mean, shown
from engine.settings import settings_path

LOCAL = "local"
"""The target that is always there: this machine, with no servers."""
TARGETS_ENV = "PYFI_TARGETS"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_SCHEMES = {
    "broker": ("amqp", "amqps", "redis", "rediss", "sqs"),
    "results": ("postgresql", "redis", "rediss", "s3"),
    "bus": ("redis", "rediss"),
    "database": ("postgresql",),
}
_VARIABLE = "PYFI_TARGET_"


class Target(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cluster: where its servers are. `results` left out means the database.

    `shared` are folders that every node has in the same place. `queues` is what RabbitMQ's queues are: classic or quorum.
    """

    name: str
    broker: str
    bus: str
    database: str
    results: str = ""
    shared: tuple[str, ...] = ()
    queues: str = "classic"

    def __repr__(self) -> str:
        """Without passwords."""
        return f"Target({self.name!r})"

    @property
    def results_url(self) -> str:
        """Where results of calls are kept."""
        return self.results or self.database

    def servers(self) -> dict[str, str]:
        """Its URLs by what they are for, as they may be shown."""
        urls = {"broker": self.broker, "results": self.results_url, "bus": self.bus, "database": self.database}
        return {role: without_password(url) for role, url in urls.items()}


class Targets:
    """The targets of a file; of the user's own one if none is named."""

    def __init__(self, path: Path | None = None, environment: Mapping[str, str] = os.environ) -> None:
        named = environment.get(TARGETS_ENV)
        self.path = path or (Path(named) if named else settings_path().with_name("targets.toml"))
        self._environment = environment

    def all(self) -> list[Target]:
        """Every target, by name.

        Raises:
            UsageError: the file cannot be read as targets.
        """
        found = self._kept() | self._given()
        return [_checked(name, found[name], str(self.path)) for name in sorted(found)]

    def find(self, name: str) -> Target:
        """The target of that name.

        Raises:
            NotFound: there is none.
            UsageError: the file cannot be read as targets.
        """
        known = {target.name: target for target in self.all()}
        if name not in known:
            cure = did_you_mean(name, known) or "; name its servers with `pyfi target add`"
            raise NotFound(f"there is no target {shown(name)}{cure}")
        return known[name]

    def add(self, target: Target, *, replace: bool = False) -> None:
        """Keep a target.

        Raises:
            UsageError: its name or one of its URLs is not right.
            ConflictError: there is one of that name, and it is not to be replaced.
            StorageError: the file cannot be written.
        """
        known = self._kept()
        _checked(target.name, _values(target), "the command line")
        if target.name in known and not replace:
            raise ConflictError(
                f"there is a target {shown(target.name)}; change it with `pyfi target update`, or delete it first"
            )
        self._write(known | {target.name: _values(target)})

    def delete(self, name: str) -> None:
        """Forget a target; what runs there goes on.

        Raises:
            NotFound: there is none in the file.
            StorageError: the file cannot be written.
        """
        known = self._kept()
        if known.pop(name, None) is None:
            raise NotFound(f"there is no target {shown(name)} in {self.path}{did_you_mean(name, known)}")
        self._write(known)

    def _kept(self) -> dict[str, Any]:
        try:
            found = tomllib.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"{self.path} cannot be read as targets ({error}); correct it or delete it") from None
        except OSError as error:
            raise UsageError(f"{self.path} cannot be read ({error.strerror}); correct its permissions") from None
        return found

    def _given(self) -> dict[str, Any]:
        """Targets of the environment."""
        found: dict[str, dict[str, Any]] = {}
        for key, value in self._environment.items():
            name, _, field = key.removeprefix(_VARIABLE).rpartition("_")
            if key.startswith(_VARIABLE) and name and field.lower() in Target.__struct_fields__ and value:
                given = tuple(value.split(os.pathsep)) if field == "SHARED" else value
                found.setdefault(name.lower().replace("_", "-"), {})[field.lower()] = given
        return found

    def _write(self, known: Mapping[str, Any]) -> None:
        lines: list[str] = []
        for name in sorted(known):
            lines.append(f"[{name}]")
            lines += [f"{key} = {msgspec.json.encode(value).decode()}" for key, value in known[name].items()]
            lines.append("")
        aside = self.path.with_name(f"{self.path.name}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(aside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
                file.write("\n".join(lines))
            aside.replace(self.path)
        except OSError as error:
            raise StorageError(f"{self.path} cannot be written ({error.strerror}); correct that and try again") from None


def url_problem(role: str, url: str) -> str:
    """What is wrong with the URL of a server that a target has for this (broker, results, bus, database); "" if nothing is.

    It follows on the name of the server: "must be a URL that begins with redis://".
    """
    schemes = _SCHEMES[role]
    if not url and role == "results":
        return ""
    if url.partition(":")[0].partition("+")[0] not in schemes:
        known = " or ".join(f"{each}://" for each in schemes)
        return f"must be a URL that begins with {known}"
    try:
        urlsplit(url).port  # noqa: B018 - it is read out of the URL only now
    except ValueError:
        return "must have a number from 0 to 65535 as its port, and @, / and : in a password written as %40, %2F and %3A"
    return ""


def name_problem(name: str) -> str:
    """What is wrong with the name of a target; "" if nothing is."""
    if _NAME.fullmatch(name) and name != LOCAL:
        return ""
    return f"{shown(name)} cannot be a target's name: use letters, digits, - and _, and not `local`"


def without_password(url: str) -> str:
    """A URL as it may be shown."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        place = f"{host}:{parts.port}" if parts.port else host
        user = f"{parts.username}@" if parts.username else ""
    except ValueError:
        return "a URL that cannot be read"
    return urlunsplit((parts.scheme, f"{user}{place}", parts.path, "", ""))


def _values(target: Target) -> dict[str, Any]:
    """What the file holds of a target: all that was chosen."""
    plain = structs.asdict(target)
    return {key: value for key, value in plain.items() if key != "name" and value != ""}


def _checked(name: str, values: Any, where: str) -> Target:
    if reason := name_problem(name):
        raise UsageError(f"{where}: {reason}")
    try:
        target = msgspec.convert({"name": name, **values}, Target)
    except (msgspec.ValidationError, TypeError) as error:
        # Not as it is: a value may hold a password.
        reason = str(error).partition(" - at ")[0].lower()
        raise UsageError(f"{where}: target {shown(name)} is not right: {reason}") from None
    for role in _SCHEMES:
        if reason := url_problem(role, getattr(target, role)):
            raise UsageError(f"{where}: the {role} of target {shown(name)} {reason}")
    if target.queues not in ("classic", "quorum"):
        raise UsageError(f"{where}: the queues of target {shown(name)} are either classic or quorum")
    if any(not Path(folder).is_absolute() for folder in target.shared):
        raise UsageError(f"{where}: shared folders of target {shown(name)} must be absolute paths")
    return target
