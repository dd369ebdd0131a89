"""Programs and libraries from outside Python that the tests need, installed by apt where there is apt."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from environment import LOGS, ROOT
from progress import SetupError, Step, carry_out

_INSTALL_SCRIPT = ROOT / "packaging" / "debian-install.sh"
# Debian keeps servers' programs away from an ordinary user's PATH.
_PROGRAM_FOLDERS = ("/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/lib/rabbitmq/bin")

_PROGRAMS = {
    "redis-server": "redis-server",
    "rabbitmq-server": "rabbitmqctl",
    "postgresql": "initdb",
    "nodejs": "node",
    "systemd": "systemd-analyze",
}
_DESKTOP_PROGRAMS = {"xvfb": "Xvfb"}
# What Qt's xcb and offscreen platforms load at run time.
_DESKTOP_LIBRARIES = {
    "libdbus-1-3": "libdbus-1.so.3",
    "libegl1": "libEGL.so.1",
    "libfontconfig1": "libfontconfig.so.1",
    "libgl1": "libGL.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxkbcommon0": "libxkbcommon.so.0",
}
_BUILD_PROGRAMS = {"binutils": "objdump", "dpkg": "dpkg-deb", "gcc": "gcc"}
# What Qt opens on Wayland.
_BUILD_LIBRARIES = {
    "libwayland-client0": "libwayland-client.so.0",
    "libwayland-cursor0": "libwayland-cursor.so.0",
    "libwayland-egl1": "libwayland-egl.so.1",
}
_FONT = "fonts-dejavu-core"
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")


def missing_for_tests(*, desktop: bool) -> list[str]:
    """Names of the Debian packages whose program or library is not on this machine."""
    programs = _PROGRAMS | (_DESKTOP_PROGRAMS if desktop else {})
    missing = [package for package, program in programs.items() if not _has_program(program)]
    return missing + (missing_for_desktop() if desktop else [])


def missing_for_desktop() -> list[str]:
    """The same for what a window needs: libraries that Qt loads at run time, and a font."""
    if not sys.platform.startswith("linux"):
        return []
    known = _known_libraries()
    missing = [package for package, library in _DESKTOP_LIBRARIES.items() if library not in known]
    return missing if _has_font() else [*missing, _FONT]


def missing_for_build() -> list[str]:
    """The same for `dev.py build`, which takes along what desktops may lack."""
    if not sys.platform.startswith("linux"):
        return []
    known = _known_libraries()
    programs = [package for package, program in _BUILD_PROGRAMS.items() if not _has_program(program)]
    return programs + [package for package, library in _BUILD_LIBRARIES.items() if library not in known] + missing_for_desktop()


def install(packages: Sequence[str], *, reason: str) -> None:
    """Install Debian packages, `reason` saying what for; services that they bring are not started."""
    if not packages:
        return
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        raise SetupError(
            f"{names} (Debian's names) must be installed {reason} and this machine has no apt-get: "
            "install them with its own package manager, then run the same command again."
        )
    command = [*_as_root(names), "sh", str(_INSTALL_SCRIPT), *packages]
    carry_out([Step(f"install {_count(packages)}", command, _cure(names), 40)], LOGS)


def _as_root(names: str) -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        raise SetupError(f"only root can install {names}: run `apt-get install {names}` as root, then the same command again.")
    # Ask for the password now, where the question is seen, not inside a step whose output goes to a log.
    if subprocess.run(["sudo", "-v"], check=False).returncode:
        raise SetupError(f"sudo refused: have `apt-get install {names}` run as root, then run the same command again.")
    return ["sudo"]


def _cure(names: str) -> str:
    return f"check that apt-get works on this machine, or install {names} yourself, then run the same command again"


def _count(packages: Sequence[str]) -> str:
    return packages[0] if len(packages) == 1 else f"{len(packages)} Debian packages"


def _has_program(program: str) -> bool:
    folders = [*os.environ.get("PATH", "").split(os.pathsep), *_PROGRAM_FOLDERS]
    if program == "initdb":
        folders += [str(path) for path in Path("/usr/lib/postgresql").glob("*/bin")]
    return shutil.which(program, path=os.pathsep.join(folders)) is not None


def _has_font() -> bool:
    return any(any(Path(folder).rglob("*.[to]tf")) for folder in _FONT_FOLDERS)


def _known_libraries() -> frozenset[str]:
    ldconfig = shutil.which("ldconfig", path=os.pathsep.join(_PROGRAM_FOLDERS))
    if ldconfig is None:
        return frozenset()
    listing = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout
    return frozenset(line.split()[0] for line in listing.splitlines() if line.startswith("\t"))
