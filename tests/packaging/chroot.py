"""An empty Debian of its own, in a folder: what a package is installed in to see that nothing else is needed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import debian
import pytest

_RUN = """
set -e
mount -t proc proc "$0/proc"
mount -t tmpfs tmpfs "$0/dev/shm"
exec chroot "$0" "$@"
"""
USER = "ann"


class Chroot:
    """A minimal Debian. Commands in it have processes and mounts of their own, which end with them; its network is ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.chmod(0o755)  # it becomes the root folder, which everybody must enter
        if os.geteuid():
            pytest.fail("a Debian in a folder is made by root: run this test as root", pytrace=False)
        if shutil.which("debootstrap") is None:
            debian.install(["debootstrap"], reason="for the test of the package")
        codename, mirror = _origin()
        made = subprocess.run(
            ["debootstrap", "--variant=minbase", codename, folder, mirror], capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stdout[-3000:]
        for name in ("etc/apt/sources.list.d", "etc/apt/apt.conf.d", "usr/share/keyrings"):
            shutil.copytree(f"/{name}", folder / name, dirs_exist_ok=True)
        if not list((folder / "etc/apt/sources.list.d").iterdir()):
            shutil.copy("/etc/apt/sources.list", folder / "etc/apt/sources.list")
        else:
            (folder / "etc/apt/sources.list").unlink(missing_ok=True)
        for name in ("etc/resolv.conf", "etc/hosts"):
            shutil.copy(f"/{name}", folder / name)
        self.root("useradd", "--create-home", "--shell", "/bin/bash", USER)
        self.root("apt-get", "update")

    def root(self, *command: str | Path) -> str:
        """What a command of root's prints; it must succeed."""
        return self._run(*command)

    def user(self, *command: str, **variables: str) -> str:
        """What a command of an ordinary user's prints, in the home folder; it must succeed."""
        line = ["env", "-i", f"HOME=/home/{USER}", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", f"USER={USER}"]
        line += [f"{name}={value}" for name, value in variables.items()]
        return self._run("runuser", "-u", USER, "--", *line, "sh", "-c", 'cd && exec "$@"', "sh", *command)

    def install(self, package: Path) -> None:
        """Install a package file, its dependencies found by apt."""
        shutil.copy(package, self.folder / "tmp" / package.name)
        self.root("apt-get", "install", "-y", "--no-install-recommends", f"/tmp/{package.name}")

    @property
    def home(self) -> Path:
        """The user's home folder, from outside."""
        return self.folder / "home" / USER

    def _run(self, *command: str | Path) -> str:
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _RUN, self.folder]
        settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        done = subprocess.run([*apart, *command], capture_output=True, text=True, env=settings, check=False)
        assert done.returncode == 0, f"{command}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout


def _origin() -> tuple[str, str]:
    """This machine's release of Debian, and where it gets its packages."""
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages"], capture_output=True, text=True, check=True
    )
    sites = [line for line in told.stdout.splitlines() if urlsplit(line).scheme in ("http", "https")]
    return release["VERSION_CODENAME"], next(site for site in sites if "security" not in site)
