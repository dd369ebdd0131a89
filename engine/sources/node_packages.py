"""Packages of Node.js: a `package.json` of what is needed, installed by npm."""

from __future__ import annotations

import json
import re
import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.errors import EnvironmentFailed
from engine.sources.credential import masked
from engine.sources.maker import Maker
from engine.sources.recipe import Recipe, dependencies

_QUIET = {"npm_config_update_notifier": "false", "npm_config_fund": "false", "npm_config_audit": "false"}
_NUMBERS = re.compile(r"\d+")


class Tarball(Struct, frozen=True):
    """A package in the folder of packages."""

    name: str
    version: str
    path: Path


def install_node_packages(target: Path, recipe: Recipe, maker: Maker, packages: Path | None) -> None:
    """Install what the recipe asks for in `target/node_modules`."""
    npm = shutil.which("npm")
    if npm is None:
        raise EnvironmentFailed("npm is not installed, and a processor requires packages of Node.js; install it with Node.js")
    wanted: dict[str, str] = {}
    for file in recipe.files:
        wanted |= dependencies(Path(file))
    wanted |= dict(_named(each) for each in recipe.requirements)
    package: dict[str, Any] = {"name": "pyfi-environment", "private": True, "dependencies": wanted}
    if packages is not None:
        package |= _from_folder(wanted, packages)
    (target / "package.json").write_text(json.dumps(package, indent=2), encoding="utf-8")
    locked = not recipe.requirements and packages is None and _lock(recipe, target)
    maker.step("package.json written")
    offline = ["--offline"] if packages is not None else []
    maker.run([npm, "ci" if locked else "install", *offline, "--omit=dev"], _QUIET, folder=target)


def _named(requirement: str) -> tuple[str, str]:
    """`@scope/name@^1.2` as name and range."""
    name, _, version = requirement.strip().partition("@") if requirement[:1] != "@" else _scoped(requirement)
    return name, version or "*"


def _scoped(requirement: str) -> tuple[str, str, str]:
    name, at, version = requirement[1:].strip().partition("@")
    return f"@{name}", at, version


def _lock(recipe: Recipe, target: Path) -> bool:
    """Take over the only package.json with the lock beside it; returns whether there is one."""
    if len(recipe.files) != 1:
        return False
    lock = Path(recipe.files[0]).with_name("package-lock.json")
    if not lock.is_file():
        return False
    shutil.copy(recipe.files[0], target / "package.json")
    shutil.copy(lock, target / "package-lock.json")
    return True


def _from_folder(wanted: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """The same packages as files of a folder, and for packages that those ask for as well."""
    found = list(_tarballs(folder))
    chosen = {name: f"file:{_chosen(name, version, found, folder).path}" for name, version in wanted.items()}
    others = {name: _newest([each for each in found if each.name == name]) for name in {each.name for each in found}}
    overrides = {name: f"file:{each.path}" for name, each in others.items() if name not in chosen}
    return {"dependencies": chosen, "overrides": {**overrides, **{name: f"${name}" for name in chosen}}}


def _tarballs(folder: Path) -> list[Tarball]:
    found: list[Tarball] = []
    for path in sorted(folder.glob("*.tgz")):
        try:
            with tarfile.open(path) as files:
                about = files.extractfile("package/package.json")
                described: dict[str, Any] = json.load(about) if about is not None else {}
            found.append(Tarball(str(described["name"]), str(described["version"]), path))
        except (OSError, tarfile.TarError, KeyError, ValueError) as error:
            raise EnvironmentFailed(f"{path} is no package of npm ({error}); make it with `npm pack`, or remove it") from None
    return found


def _chosen(name: str, version: str, found: list[Tarball], folder: Path) -> Tarball:
    fitting = [each for each in found if each.name == name and _fits(each.version, version)]
    if not fitting:
        there = ", ".join(each.version for each in found if each.name == name)
        has = f"has only {name} {there}" if there else f"has no {name}"
        raise EnvironmentFailed(
            f"cannot install what a processor requires: {masked(f'{name}@{version}')}: the folder {folder} {has}; "
            "put it there with `npm pack`, or remove the setting `packages`"
        )
    return _newest(fitting)


def _fits(version: str, wanted: str) -> bool:
    """Whether a version is in a range: `*`, `1.2.3`, `1.2`, `^1.2.3`, `~1.2.3`. Other ranges need npm's own sources."""
    if wanted in ("*", "latest", version):
        return True
    own, least = _parts(version), _parts(wanted)
    if wanted.startswith("^"):
        fixed = next((place for place, part in enumerate(least) if part), 0) + 1
        return own[:fixed] == least[:fixed] and own >= least
    if wanted.startswith("~"):
        return own[: min(2, len(least))] == least[:2] and own >= least
    return re.fullmatch(r"\d+(\.\d+)?(\.x)?", wanted) is not None and own[: len(least)] == least


def _newest(found: list[Tarball]) -> Tarball:
    return max(found, key=lambda each: _parts(each.version))


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, _NUMBERS.findall(version)[:3]))
