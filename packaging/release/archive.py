"""The archive for every other Linux: unpacked anywhere, it runs. And an AppImage, where the tool for it is installed."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

from release.bundle import BUILD, BUNDLE, platform_name
from release.deb import add_shared
from release.wheel import DIST, epoch, version


def build_archive(bundle: Path = BUNDLE, folder: Path = DIST) -> Path:
    """Make the archive; the same files make the same archive."""
    name = f"pyfi-{version()}-{platform_name()}"
    share = BUILD / "share"
    shutil.rmtree(share, ignore_errors=True)
    add_shared(share)
    folder.mkdir(exist_ok=True)
    made = folder / f"{name}.tar.gz"
    with made.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed, tarfile.open(None, "w", packed) as archive:
        for root, prefix in ((bundle, name), (share, f"{name}/share")):
            for path in [root, *sorted(root.rglob("*"))]:
                inside = path.relative_to(root).as_posix()
                archive.add(path, f"{prefix}/{inside}" if inside != "." else prefix, recursive=False, filter=_anonymous)
    return made


def build_appimage(folder: Path = DIST) -> Path | None:
    """Make an AppImage with `appimagetool`; None where that is not installed."""
    tool = shutil.which("appimagetool")
    if tool is None:
        return None
    made = folder / f"pyfi-{version()}-{platform_name()}.AppImage"
    surroundings = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch())}
    subprocess.run([tool, "--no-appstream", build_appdir(), made], env=surroundings, check=True)
    return made


def build_appdir(bundle: Path = BUNDLE) -> Path:
    """The folder that an AppImage is a picture of: what it starts, its entry and its icon lie at the top."""
    image = BUILD / "pyfi.AppDir"
    shutil.rmtree(image, ignore_errors=True)
    shutil.copytree(bundle, image / "usr" / "lib" / "pyfi", symlinks=True)
    add_shared(image / "usr" / "share")
    (image / "AppRun").symlink_to("usr/lib/pyfi/pyfi")
    (image / "pyfi.desktop").symlink_to("usr/share/applications/pyfi.desktop")
    (image / "pyfi.svg").symlink_to("usr/share/icons/hicolor/scalable/apps/pyfi.svg")
    return image


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Says nothing of who built it and when."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = epoch()
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry
