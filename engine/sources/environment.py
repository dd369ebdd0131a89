"""Environments for user code: one for each set of needs, made with uv or npm, cached, whole or not at all."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path

from engine.errors import EnvironmentFailed
from engine.interpreter import users_python
from engine.settings import read_settings
from engine.sources.cache import cache_folder, discard, held, made_once, write_private
from engine.sources.maker import Maker, Tell, unheard
from engine.sources.node_packages import install_node_packages
from engine.sources.recipe import Recipe
from engine.sources.uv_program import uv_program

ABOUT = "pyfi.json"
"""In a made environment: its size, and by its time when it was last used."""
_FASTER = "ormsgpack"
"""What every environment has if it can be had: with it, messages cross the pipe several times faster."""
_AGAIN_S = 60.0
"""A host that is started again does not wait for what failed just now."""

_failed: dict[Path, tuple[float, str]] = {}
_lock = threading.Lock()


def environments() -> Path:
    """The folder of all environments."""
    return cache_folder("environments")


def environment(recipe: Recipe, tell: Tell = unheard, *, again: bool = False) -> Path:
    """The folder of an environment that holds what the recipe asks for; made, which can take minutes, if there is none.

    What failed less than a minute ago is not tried again, unless `again`.

    Raises EnvironmentFailed with the words of uv or npm when it cannot be made.
    """
    folder = environments() / recipe.name
    if folder.is_dir() and not _is_sound(folder, recipe):
        with held(folder) as free:
            if free:
                discard(folder)
    made_once(folder, lambda target: _make(target, recipe, tell, again=again))
    os.utime(folder / ABOUT)
    return folder


def python_of(folder: Path) -> Path:
    """The interpreter of an environment."""
    return folder / "bin" / "python"


def _is_sound(folder: Path, recipe: Recipe) -> bool:
    """Whether what it stands on is still there: its interpreter may have been removed from the machine."""
    return (folder / ABOUT).is_file() and (recipe.runtime != "python" or python_of(folder).exists())


def _make(target: Path, recipe: Recipe, tell: Tell, *, again: bool) -> None:
    beside = target.parent / recipe.name
    with _lock:
        failed_s, reason = _failed.get(beside, (0.0, ""))
    if reason and not again and time.monotonic() < failed_s + _AGAIN_S:
        raise EnvironmentFailed(reason)
    description = json.dumps({**recipe.description(), "began": time.time()})
    write_private(beside.with_suffix(".json"), description)
    try:
        make = _make_node if recipe.runtime == "node" else _make_python
        make(target, recipe, beside.with_suffix(".log"), tell)
    except EnvironmentFailed as error:
        with _lock:
            _failed[beside] = (time.monotonic(), str(error))
        raise
    with _lock:
        _failed.pop(beside, None)
    (target / ABOUT).write_text(json.dumps({"size_bytes": size_bytes(target)}), encoding="utf-8")


def _make_python(target: Path, recipe: Recipe, log: Path, tell: Tell) -> None:
    maker = Maker(log, tell, ("Creating", "Resolved", "Prepared", "Installed"))
    maker.begin(f"making an environment of {recipe.shown()}")
    packages = packages_folder()
    offline = ["--offline", "--no-index", "--find-links", str(packages)] if packages else []
    binary = uv_program()
    managed = ["--no-python-downloads"] if packages else []
    wanted = recipe.python or users_python()
    maker.run([binary, "venv", "--relocatable", "--allow-existing", "--no-project", *managed, "--python", wanted, str(target)])
    install = [binary, "pip", "install", "--python", str(python_of(target)), *offline]
    # Apart, and it may fail: no package of the user's is to be refused for the sake of speed.
    if not maker.attempt([*install, "--quiet", "--only-binary", _FASTER, _FASTER]):
        maker.note(f"it does without {_FASTER}; with it, messages would pass faster")
    listed = [word for file in recipe.files for word in ("--requirements", file)]
    if listed or recipe.requirements:
        maker.run([*install, *listed, "--", *recipe.requirements])


def _make_node(target: Path, recipe: Recipe, log: Path, tell: Tell) -> None:
    maker = Maker(log, tell, ("package.json", "added"))
    maker.begin(f"making an environment of {recipe.shown()}")
    install_node_packages(target, recipe, maker, packages_folder())


def packages_folder() -> Path | None:
    """The folder that packages are taken from, and from nowhere else; None: from where uv and npm take them."""
    setting = read_settings().packages
    if not setting:
        return None
    folder = Path(setting).expanduser()
    if not folder.is_dir():
        raise EnvironmentFailed(f"the setting `packages` names {folder}, which is no folder; correct or remove it")
    return folder.resolve()


def size_bytes(folder: Path) -> int:
    """What a folder takes of the disk. Files that several environments share by links count in each."""
    total = 0
    for place, _, files in os.walk(folder):
        for name in files:
            total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118 - ten thousand files: three times as fast
    return total
