"""The small library in place of numpy's OpenBLAS multiplies rightly, and what cannot be had without a large one says so."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from release.blas import SOURCE, compile_blas

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("gcc") is None, reason="made on Linux, by a compiler"
)
# `einsum` multiplies by itself and never asks BLAS: the two must agree whatever lies how.
_COMPARE = """
import ctypes, json, sys
import numpy as np
ours = ctypes.CDLL(sys.argv[1])
place = lambda library: ctypes.cast(library.scipy_cblas_dgemm64_, ctypes.c_void_p).value
assert place(ctypes.CDLL(None)) == place(ours), "numpy does not use the library that is tried"
random = np.random.default_rng(7)
pairs = {"dot": "i,i->", "matvec": "ij,j->i", "vecmat": "i,ij->j", "matmul": "ij,jk->ik"}
def numbers(*shape, kind):
    made = random.normal(size=shape)
    return (made + 1j * random.normal(size=shape) if np.dtype(kind).kind == "c" else made).astype(kind)
views = {
    "plain": lambda m: m,
    "columns first": np.asfortranarray,
    "turned": lambda m: np.ascontiguousarray(m.T).T,
    "every second": lambda m: np.repeat(m, 2, axis=-1)[..., ::2],
    "backwards": lambda m: np.ascontiguousarray(m[..., ::-1])[..., ::-1],
    "part": lambda m: np.pad(m, 1)[(slice(1, -1),) * m.ndim],
}
tried, wrong = 0, []
for kind in "fdFD":
    bound = 1e-4 if kind in "fF" else 1e-11
    for how, view in views.items():
        a, b = view(numbers(5, 7, kind=kind)), view(numbers(7, 4, kind=kind))
        x, y, one = view(numbers(7, kind=kind)), view(numbers(7, kind=kind)), numbers(1, 1, kind=kind)
        got = {
            "dot": (np.dot(x, y), np.einsum("i,i->", x, y)),
            "vdot": (np.vdot(x, y), np.einsum("i,i->", x.conj(), y)),
            "inner": (np.inner(a, b.T), np.einsum("ij,kj->ik", a, b.T)),
            "matrix by vector": (a @ x, np.einsum("ij,j->i", a, x)),
            "vector by matrix": (x @ b, np.einsum("i,ij->j", x, b)),
            "matrices": (a @ b, np.einsum("ij,jk->ik", a, b)),
            "turned matrices": (b.T @ a.T, np.einsum("ji,kj->ik", b, a)),
            "conjugated": (a.conj() @ b.conj(), np.einsum("ij,jk->ik", a.conj(), b.conj())),
            "by itself": (a @ a.T, np.einsum("ij,kj->ik", a, a)),
            "itself by": (a.T @ a, np.einsum("ji,jk->ik", a, a)),
            "one number": (np.dot(one, x[None, :]), one[0, 0] * x[None, :]),
            "nothing": (a[:, :0] @ b[:0], np.zeros((5, 4), kind)),
        }
        for what, (made, wanted) in got.items():
            tried += 1
            if not np.allclose(made, wanted, rtol=bound, atol=bound):
                wrong.append([kind, how, what])
print(json.dumps({"tried": tried, "wrong": wrong}))
"""
_WITHOUT = """
import importlib.util, sys
place = importlib.util.spec_from_file_location("numpy.linalg._umath_linalg", sys.argv[1])
sys.modules[place.name] = importlib.util.module_from_spec(place)
place.loader.exec_module(sys.modules[place.name])
import numpy
assert numpy.linalg._linalg._umath_linalg is sys.modules[place.name]
try:
    numpy.linalg.inv(numpy.eye(2))
except NotImplementedError as error:
    print(error)
print(numpy.linalg.norm(numpy.array([3.0, 4.0])))
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("blas") / "libscipy_openblas64_.so"
    compile_blas(made)
    return made


def _python(program: str, argument: Path, **variables: str) -> str:
    command = [sys.executable, "-W", "error", "-c", program, str(argument)]
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_products_are_right_for_all_numbers_however_they_lie(library: Path) -> None:
    said = json.loads(_python(_COMPARE, library, LD_PRELOAD=str(library)))
    assert said == {"tried": 4 * 6 * 12, "wrong": []}


def test_the_library_is_small_and_needs_no_other(library: Path) -> None:
    told = subprocess.run(["objdump", "-p", library], capture_output=True, text=True, check=True).stdout
    assert "NEEDED" not in told
    assert library.stat().st_size < 50_000


def test_what_needs_more_says_so_when_it_is_used() -> None:
    said, norm = _python(_WITHOUT, SOURCE.with_name("no_linalg.py")).splitlines()
    assert said == "numpy.linalg (inv) is left out of the application: install PYFI as a wheel to use it."
    assert norm == "5.0"
