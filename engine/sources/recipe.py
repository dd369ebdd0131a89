"""Recipe, what an environment must hold. Equal needs make equal names, and so share one environment."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.errors import EnvironmentFailed
from engine.interpreter import own_python, users_python, version_of
from engine.sources.cache import digest
from engine.sources.credential import masked

_LISTED = re.compile(r"-r\s+(.+)")
_INSIDE = re.compile(r"^\s*(?:-r|--requirement|-c|--constraint)[\s=]+(\S+)", re.MULTILINE)
_MOST_FILES = 100


class Recipe(Struct, frozen=True):
    """Packages by name, and files that list more. `texts` are the files' contents, and of those that they refer to.

    `python` is the version that is wanted, "" that of the Python for users' code.
    """

    runtime: str = "python"
    python: str = ""
    requirements: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The environment's name: a digest of what is in it."""
        needed = sorted({each.strip() for each in self.requirements})
        return digest(self.runtime, self._interpreter, str(len(needed)), *needed, *self.texts)

    @property
    def _interpreter(self) -> str:
        if self.runtime == "node":
            found = shutil.which("node") or shutil.which("nodejs") or ""
            return str(Path(found).resolve()) if found else ""
        if self.python:
            return self.python
        chosen = users_python()
        version = ".".join(map(str, version_of(chosen)))
        # PYFI's own of one version share theirs, wherever they lie.
        return version if chosen == own_python() else f"{Path(chosen).resolve()} {version}"

    @property
    def _public(self) -> tuple[str, ...]:
        return tuple(map(masked, self.requirements))

    def shown(self) -> str:
        """What it is made of, for people and without passwords: `pandas>=2, needs.txt`."""
        listed = ", ".join((*self._public, *(Path(file).name for file in self.files))) or "no packages"
        return f"{listed}, Python {self.python}" if self.python else listed

    def description(self) -> dict[str, Any]:
        """The same for programs."""
        return {"runtime": self.runtime, "python": self.python, "requirements": [*self._public], "files": [*self.files]}


def recipe(
    requirements: Sequence[str], folder: Path, *, runtime: str = "python", python: str = "", file: Path | None = None
) -> Recipe:
    """What a processor needs. An entry `-r FILE` names a file from `folder` on; `file` is one of its repository.

    Raises EnvironmentFailed when a file is not there.
    """
    listed = [(_LISTED.fullmatch(each.strip()), each.strip()) for each in requirements]
    files = [folder / Path(found[1].strip()).expanduser() for found, _ in listed if found]
    if file is not None:
        files.append(file)
    texts = [text for each in files for text in _texts(each)]
    packages = tuple(each for found, each in listed if found is None and each)
    return Recipe(runtime, python, packages, tuple(map(str, files)), tuple(texts))


def _texts(file: Path) -> Iterator[str]:
    """The content of a file and of those it refers to; of `package.json` also of the lock beside it."""
    seen: set[Path] = set()
    waiting = [file]
    while waiting and len(seen) < _MOST_FILES:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        text = _text(each)
        yield text
        if each.suffix == ".json":
            lock = each.with_name("package-lock.json")
            waiting += [lock] if lock.is_file() else []
        else:
            waiting += [each.parent / name for name in _INSIDE.findall(text)]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise EnvironmentFailed(f"the list of packages {file} cannot be read ({error.strerror}); correct its path") from None
    except UnicodeDecodeError:
        raise EnvironmentFailed(f"the list of packages {file} is not UTF-8 text; save it as UTF-8") from None


def dependencies(file: Path) -> dict[str, str]:
    """The packages that a `package.json` asks for.

    Raises EnvironmentFailed when it is none.
    """
    try:
        found = json.loads(_text(file)).get("dependencies", {})
        return {str(name): str(version) for name, version in found.items()}
    except (ValueError, AttributeError):
        raise EnvironmentFailed(f"{file} is no package.json with `dependencies`; correct it") from None
