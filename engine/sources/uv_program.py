"""Where uv is, which makes environments: a package beside PYFI, or packed in a frozen application, which most never need."""

from __future__ import annotations

import lzma
import os
from pathlib import Path

from engine.interpreter import frozen_folder, is_frozen
from engine.sources.cache import cache_folder, digest, made_once


def uv_program() -> str:
    """The program; unpacked into the user's cache, once, where it is packed."""
    if not is_frozen():
        import uv

        return uv.find_uv_bin()
    packed = frozen_folder() / ("uv.exe.xz" if os.name == "nt" else "uv.xz")
    found = packed.stat()
    version = digest(str(packed), str(found.st_size), str(found.st_mtime_ns))
    return str(made_once(cache_folder("tools") / version, lambda folder: _unpack(packed, folder)) / packed.stem)


def _unpack(packed: Path, folder: Path) -> None:
    program = folder / packed.stem
    program.write_bytes(lzma.decompress(packed.read_bytes()))
    program.chmod(0o755)
