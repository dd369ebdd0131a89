"""The package for Debian and its kin, from the application and the files in packaging/linux."""

from __future__ import annotations

import gzip
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from environment import PYTHON, ROOT
from progress import SetupError
from release.bundle import BUILD, BUNDLE
from release.slim import elf_files, needed_by
from release.wheel import DIST, epoch, version

LINUX = ROOT / "packaging" / "linux"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_LATE = ("fontconfig-config", "fonts-dejavu-core | fonts-freefont-ttf | fonts-liberation", "libegl1", "libgl1")
"""What Qt opens by itself: no library names it."""
_GLIBC = re.compile(r"GLIBC_(\d+)\.(\d+)")
_CONTROL = """\
Package: pyfi
Version: {version}
Architecture: {architecture}
Maintainer: PYFI contributors <pyfi@localhost>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: ca-certificates, git
Suggests: nodejs, postgresql, redis-server
Section: devel
Priority: optional
Description: visual data flows of your own Python, Node.js and bash code
 Draw a flow of your own code on a canvas, press Run, watch the messages
 move. Every connection is a durable queue: what has entered a flow is not
 lost, whatever process is killed. The same flow runs from the shell and,
 unchanged, on a cluster.
"""
_AFTER = """\
#!/bin/sh
# The user of the service, and the service itself, are known at once; nothing is started.
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
    systemd-sysusers pyfi.conf || true
    systemctl daemon-reload || true
fi
"""
"""What Debian runs when the package is there. Where no systemd runs, as in a container, there are no services."""


def build_deb(bundle: Path = BUNDLE, folder: Path = DIST) -> Path:
    """Make the package; returns it."""
    if shutil.which("dpkg-deb") is None:
        raise SetupError("a package for Debian is made on Debian or its kin: this machine has no dpkg-deb.")
    tree = BUILD / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(bundle, tree / "usr" / "lib" / "pyfi", symlinks=True)
    (tree / "usr" / "bin").mkdir()
    (tree / "usr" / "bin" / "pyfi").symlink_to("../lib/pyfi/pyfi")
    add_shared(tree / "usr" / "share")
    _add_unit(tree)
    _add_documents(tree / "usr" / "share" / "doc" / "pyfi", bundle)
    architecture = _ARCHITECTURES.get(platform.machine(), platform.machine())
    kilobytes = sum(path.lstat().st_size for path in tree.rglob("*") if not path.is_dir()) // 1024
    control = _CONTROL.format(
        version=version(), architecture=architecture, kilobytes=kilobytes, depends=", ".join(_depends(bundle))
    )
    folder.mkdir(exist_ok=True)
    return pack(tree, control, folder / f"pyfi_{version()}_{architecture}.deb")


def pack(tree: Path, control: str, made: Path) -> Path:
    """Make the package of the files in `tree`; returns it."""
    about = tree / "DEBIAN"
    about.mkdir()
    (about / "control").write_text(control, encoding="utf-8")
    (about / "postinst").write_text(_AFTER, encoding="utf-8")
    (about / "postinst").chmod(0o755)
    _same_rights(tree)
    # dpkg-deb takes every file's time back to this one.
    surroundings = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch())}
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z10", "--build", tree, made]
    subprocess.run(command, env=surroundings, check=True, stdout=subprocess.DEVNULL)
    return made


def add_shared(share: Path) -> None:
    """What a desktop and shells look for: entry, icon, type of flow files, manual page, completions."""
    for source, target in (
        (LINUX / "pyfi.desktop", "applications/pyfi.desktop"),
        (LINUX / "pyfi-flow.xml", "mime/packages/pyfi-flow.xml"),
        (ROOT / "resources" / "pyfi.svg", "icons/hicolor/scalable/apps/pyfi.svg"),
    ):
        (share / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, share / target)
    path = os.pathsep.join([str(ROOT), str(ROOT / "packaging")])
    subprocess.run([PYTHON, "-m", "release.man", share, str(epoch())], env={**os.environ, "PYTHONPATH": path}, check=True)


def _add_unit(tree: Path) -> None:
    """Agents as services, for machines that are nodes; nothing is started before somebody asks for it."""
    unit = tree / "usr" / "lib" / "systemd" / "system" / "pyfi-agent@.service"
    unit.parent.mkdir(parents=True)
    text = (LINUX / unit.name).read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/pyfi/bin/pyfi", "/usr/bin/pyfi"), encoding="utf-8")
    users = tree / "usr" / "lib" / "sysusers.d" / "pyfi.conf"
    users.parent.mkdir(parents=True)
    users.write_text('u pyfi - "PYFI agent" /var/lib/pyfi\n', encoding="utf-8")


def _add_documents(documents: Path, bundle: Path) -> None:
    documents.mkdir(parents=True)
    shutil.copyfile(bundle / "LICENCES.txt", documents / "copyright")
    shutil.copyfile(bundle / "sbom.cdx.json", documents / "sbom.cdx.json")
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    (documents / "changelog.gz").write_bytes(gzip.compress(changes, compresslevel=9, mtime=0))


def _depends(bundle: Path) -> list[str]:
    """The packages of the libraries that the application takes from the system, as this machine has them."""
    files = elf_files(bundle)
    there = {path.name for path in bundle.rglob("*.so*")}
    wanted = sorted({name for path in files for name in needed_by(path)} - there)
    places = _library_places()
    packages: set[str] = set(_LATE)
    for name in wanted:
        if name not in places:
            raise SetupError(
                f"the application needs {name}, which this machine does not have: see `objdump -p` of its libraries."
            )
        packages.add(_package_of(places[name]))
    major, minor = max(_glibc_versions(files))
    packages.discard("libc6")
    return [f"libc6 (>= {major}.{minor})", *sorted(packages)]


def _library_places() -> dict[str, str]:
    listing = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    found: dict[str, str] = {}
    for line in listing.splitlines():
        name, arrow, place = line.strip().partition(" => ")
        if arrow:
            found.setdefault(name.split()[0], place)
    return found


def _package_of(library: str) -> str:
    for place in (library, str(Path(library).resolve()), library.removeprefix("/usr"), f"/usr{library}"):
        owner = subprocess.run(["dpkg-query", "-S", place], capture_output=True, text=True, check=False)
        if owner.returncode == 0:
            return owner.stdout.split(":")[0]
    raise SetupError(f"no package owns {library}: the libraries of this machine are not Debian's.")


def _glibc_versions(files: list[Path]) -> set[tuple[int, int]]:
    told = subprocess.run(["objdump", "-p", *files], capture_output=True, text=True, check=True).stdout
    return {(int(major), int(minor)) for major, minor in _GLIBC.findall(told)}


def _same_rights(tree: Path) -> None:
    """Whatever this user's files look like, everybody may read the package's and nobody may write them."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or (os.access(path, os.X_OK) and path.stat().st_mode & 0o100) else 0o644)
