"""Tiny packages for tests: wheels and packages of npm, built here, so that nothing is asked of a registry."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path


def wheel(folder: Path, name: str, version: str = "1.0", *, requires: tuple[str, ...] = (), body: str | None = None) -> Path:
    """A wheel whose module `name` says its `VERSION`."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {each}\n" for each in requires)
    files = {
        f"{name}.py": f"VERSION = {version!r}\n" if body is None else body,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in (*files, f"{about}/RECORD"))
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in {**files, f"{about}/RECORD": record}.items():
            archive.writestr(file, text)
    return path


def tarball(folder: Path, name: str, version: str = "1.0.0", *, requires: dict[str, str] | None = None, body: str = "") -> Path:
    """A package of npm that exports its `version`."""
    path = folder / f"{name.replace('/', '-').removeprefix('@')}-{version}.tgz"
    described = {"name": name, "version": version, "main": "index.js", "dependencies": requires or {}}
    files = {"package.json": json.dumps(described), "index.js": body or f"exports.version = {version!r};\n"}
    with tarfile.open(path, "w:gz") as archive:
        for file, text in files.items():
            entry = tarfile.TarInfo(f"package/{file}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return path
