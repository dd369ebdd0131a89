"""Makes the Unicode library's data small: of its 30 MB, Qt uses how letters are compared, and PYFI no more than that.

The data is one table of contents with names and places, and the entries behind it; see `udata` in ICU's user guide. Linked
anew with fewer entries, it serves the same libraries.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

_MAGIC = b"\xda\x27"
_ALIGNMENT = 16
_COMPARED = ("root", "ucadata", "de", "de__PHONEBOOK", "es", "fr", "fr_CA", "pl", "pt", "res_index", "sv", "tr")
_KEPT = re.compile(
    rf"coll/({'|'.join(_COMPARED)})\.\w+|[\w-]+\.(icu|nrm)|(root|res_index|pool|supplementalData|keyTypeData)\.res"
)


def shrink(library: Path) -> None:
    """Leave out of a `libicudata` what is not used. Without the linker of this machine it stays as it is."""
    if shutil.which("ld") is None or shutil.which("objcopy") is None:
        return
    data = library.read_bytes()
    start = _start_of(data)
    symbol = f"icudt{library.name.rpartition('.')[2]}_dat"
    with tempfile.TemporaryDirectory() as folder:
        raw, linked = Path(folder) / "data", Path(folder) / "data.o"
        raw.write_bytes(_fewer(data[start:]))
        _do(folder, "ld", "-r", "-b", "binary", "-o", linked.name, raw.name)
        section = ".data=.rodata,alloc,load,readonly,data,contents"
        _do(folder, "objcopy", "--rename-section", section, "--set-section-alignment", f".data={_ALIGNMENT}", linked.name)
        _do(folder, "objcopy", "--redefine-sym", f"_binary_data_start={symbol}", "--keep-global-symbol", symbol, linked.name)
        _do(folder, "ld", "-shared", "-z", "noexecstack", "-soname", library.name, "-o", "made", linked.name)
        shutil.copyfile(Path(folder) / "made", library)


def entries(data: bytes) -> dict[str, bytes]:
    """The entries of ICU's data by their names."""
    (head,) = struct.unpack_from("<H", data)
    (count,) = struct.unpack_from("<I", data, head)
    places = [struct.unpack_from("<II", data, head + 4 + 8 * number) for number in range(count)]
    names = [data[head + name : data.index(b"\0", head + name)].decode() for name, _ in places]
    ends = [place for _, place in places[1:]] + [len(data) - head]
    return {name: data[head + place : head + end] for name, (_, place), end in zip(names, places, ends, strict=True)}


def _start_of(data: bytes) -> int:
    """Where the data begins in its library: at the start of a page, with its magic number after two bytes of length."""
    for start in range(0, len(data), 4096):
        if data[start + 2 : start + 4] == _MAGIC and data[start + 12 : start + 16] == b"CmnD":
            return start
    raise ValueError("the library holds no data of ICU; see packaging/release/icu.py")


def _fewer(data: bytes) -> bytes:
    (head,) = struct.unpack_from("<H", data)
    kept = {name: entry for name, entry in entries(data).items() if _KEPT.fullmatch(name.partition("/")[2])}
    names = b"".join(name.encode() + b"\0" for name in kept)
    at = _aligned(4 + 8 * len(kept) + len(names))
    table, bodies, name_at = struct.pack("<I", len(kept)), bytearray(), 4 + 8 * len(kept)
    for name, entry in kept.items():
        table += struct.pack("<II", name_at, at + len(bodies))
        name_at += len(name) + 1
        bodies += entry.ljust(_aligned(len(entry)), b"\0")
    return data[:head] + (table + names).ljust(at, b"\0") + bytes(bodies)


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _do(folder: str, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
