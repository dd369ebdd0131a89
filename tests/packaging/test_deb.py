"""The package in an empty Debian: it installs, opens, runs, goes on after an upgrade, and leaves users' data behind.

Minutes, and root: only with --long.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from environment import ROOT
from release.bundle import BUILD
from release.wheel import version

from engine.database.migrate import head, migrate
from engine.database.session import open_database
from engine.database.version import TABLE
from tests.packaging.chroot import Chroot
from tests.packaging.picture import pixels_of, size_of

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]
_OLD_TABLES = "0003"
_DATA = Path(".local/share/pyfi")
_COMPLETE = """
source /usr/share/bash-completion/completions/pyfi
COMP_WORDS=(pyfi va) COMP_CWORD=1
_pyfi_completion pyfi
echo "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def package(built: Sequence[Path]) -> Path:
    return next(path for path in built if path.suffix == ".deb")


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroot]:
    folder = tmp_path_factory.mktemp("debian")
    yield Chroot(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def older(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same package as if it were of an older version."""
    control = BUILD / "deb" / "DEBIAN" / "control"
    text = control.read_text(encoding="utf-8")
    made = tmp_path_factory.mktemp("older") / package.name.replace(version(), "0.0.1")
    try:
        control.write_text(text.replace(f"Version: {version()}", "Version: 0.0.1"), encoding="utf-8")
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", BUILD / "deb", made], check=True)
    finally:
        control.write_text(text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def upgraded(debian: Chroot, older: Path, package: Path) -> Chroot:
    """The older version, used, with tables of its time; then the newer one over it."""
    debian.install(older)
    debian.user("cp", "-r", "/usr/lib/pyfi/_internal/engine/resources/examples/web-log-triage", ".")
    debian.user("pyfi", "import", "web-log-triage/web-log-triage.flow.yaml")
    (database_file,) = (debian.home / _DATA).glob("*.db")
    database = open_database(f"sqlite:///{database_file}")
    assert migrate(database, _OLD_TABLES) == _OLD_TABLES
    database.close()
    owner = (debian.home / _DATA).stat()
    for path in (debian.home / _DATA).iterdir():
        shutil.chown(path, owner.st_uid, owner.st_gid)
    debian.install(package)
    return debian


def test_an_upgrade_keeps_data_and_brings_the_tables_up_to_date(upgraded: Chroot) -> None:
    assert upgraded.root("dpkg-query", "-W", "-f=${Version}", "pyfi") == version()
    assert "web-log-triage" in upgraded.user("pyfi", "ls", "flows")
    (database_file,) = (upgraded.home / _DATA).glob("*.db")
    with contextlib.closing(sqlite3.connect(database_file)) as database:
        assert database.execute(f"SELECT version_num FROM {TABLE}").fetchall() == [(head(),)]
    assert head() != _OLD_TABLES


def test_the_command_runs_a_flow(upgraded: Chroot) -> None:
    assert upgraded.user("pyfi", "--version") == f"pyfi {version()}\n"
    said = json.loads(upgraded.user("pyfi", "run", "web-log-triage/web-log-triage.flow.yaml", "--json"))
    assert said["processors"]["parse"]["in"] == 4618
    lines = (upgraded.home / "web-log-triage/out/errors.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == said["processors"]["triage"]["out"]["error"] > 0


def test_the_python_beside_it_has_its_libraries_with_it(upgraded: Chroot) -> None:
    program = (
        "import bz2, ctypes, lzma, readline, sqlite3, ssl, zlib; import psycopg, sqlalchemy; print(sqlite3.sqlite_version)"
    )
    assert upgraded.user("/usr/lib/pyfi/_internal/bin/python3", "-c", program).count(".") == 2


def test_the_desktop_opens_an_example_and_runs_it(upgraded: Chroot) -> None:
    example = "web-log-triage/web-log-triage.flow.yaml"
    command = ["pyfi", "app", example, "--screenshot", "shown.png", "--size", "1600x900", "--run", "--wait", "5"]
    upgraded.user(*command)
    picture = upgraded.home / "shown.png"
    assert size_of(picture) == (1600, 900)
    assert len(set(pixels_of(picture))) > 50, "the picture is empty"
    shutil.copy(picture, BUILD / "shown.png")


def test_desktops_and_shells_know_it(upgraded: Chroot) -> None:
    upgraded.root("apt-get", "install", "-y", "--no-install-recommends", "shared-mime-info", "desktop-file-utils", "man-db")
    globs = (upgraded.folder / "usr/share/mime/globs2").read_text(encoding="utf-8")
    assert "80:application/x-pyfi-flow+yaml:*.flow.yaml" in globs
    upgraded.root("desktop-file-validate", "/usr/share/applications/pyfi.desktop")
    assert (
        "application/x-pyfi-flow+yaml=pyfi.desktop" in (upgraded.folder / "usr/share/applications/mimeinfo.cache").read_text()
    )
    assert (upgraded.folder / "usr/share/icons/hicolor/scalable/apps/pyfi.svg").read_bytes() == (
        ROOT / "resources/pyfi.svg"
    ).read_bytes()
    assert "pyfi - visual data flows" in " ".join(upgraded.root("man", "--pager=cat", "pyfi").split())
    assert upgraded.user("bash", "-c", _COMPLETE).split() == ["validate"]


def test_removing_it_leaves_users_data(upgraded: Chroot) -> None:
    upgraded.root("apt-get", "purge", "-y", "pyfi")
    assert not (upgraded.folder / "usr/lib/pyfi").exists()
    assert not (upgraded.folder / "usr/bin/pyfi").is_symlink()
    assert list((upgraded.home / _DATA).glob("*.db"))
    assert (upgraded.home / "web-log-triage/out/errors.jsonl").is_file()
