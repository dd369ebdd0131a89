"""What is done to the application after PyInstaller, by the Python that it is made of: `python -m release.finish FOLDER UV`."""

from __future__ import annotations

import compileall
import gzip
import lzma
import os
import platform
import py_compile
import sys
from pathlib import Path

from release.bill import parts, write_licences
from release.blas import replace_blas
from release.icu import shrink
from release.interpreter import add_interpreter
from release.sbom import write_bill
from release.slim import drop_unneeded_libraries, share_libraries, strip

_OF_THE_INSTALLATION = ("INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "uv_cache.json")
"""What packages say of the environment that they were taken from: where it lay, which files it had."""
_FILES = ("engine/runtime/hosts", "engine/database/migrations", "app")


def finish(bundle: Path, uv: Path) -> None:
    """Add a Python and uv, compile what stays as files, take out what nothing needs."""
    internal = bundle / "_internal"
    add_interpreter(internal)
    # A fifth of the application otherwise, for those who use packages; they unpack it once.
    (internal / f"{uv.name}.xz").write_bytes(_packed(uv.read_bytes()))
    for folder in _FILES:
        # Installed where users must not write, so that Python could not keep what it compiles.
        compileall.compile_dir(
            internal / folder, quiet=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH, stripdir=str(internal)
        )
    if sys.platform.startswith("linux"):
        for library in internal.glob("PySide6/Qt/lib/libicudata.so.*"):
            shrink(library)
        replace_blas(internal)
        share_libraries(internal)
        drop_unneeded_libraries(internal)
        strip(internal)
    # Read by botocore in either form.
    endpoints = internal / "botocore" / "data" / "endpoints.json"
    endpoints.with_suffix(".json.gz").write_bytes(gzip.compress(endpoints.read_bytes(), mtime=0))
    endpoints.unlink()
    found = parts(internal)
    write_licences(found, bundle)
    write_bill(found, bundle / "sbom.cdx.json", int(os.environ["SOURCE_DATE_EPOCH"]))
    for name in _OF_THE_INSTALLATION:
        for path in internal.glob(f"*.dist-info/{name}"):
            path.unlink()


def _packed(program: bytes) -> bytes:
    """By xz; programs for Intel's processors get smaller when it knows their jumps."""
    jumps = [{"id": lzma.FILTER_X86}] if platform.machine().lower() in {"x86_64", "amd64"} else []
    return lzma.compress(program, lzma.FORMAT_XZ, filters=[*jumps, {"id": lzma.FILTER_LZMA2, "preset": 6}])


if __name__ == "__main__":
    finish(Path(sys.argv[1]), Path(sys.argv[2]).with_suffix(".exe" if os.name == "nt" else ""))
