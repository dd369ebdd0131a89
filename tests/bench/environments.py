"""Environments: to make one of a tiny wheel, beside uv alone doing the same; and to get one whose needs are met already.

Prints milliseconds. Asks nobody: the wheel is built here.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import uv

from engine.sources.environment import environment
from engine.sources.recipe import Recipe
from tests.bench.measure import report
from tests.engine.sources.packages import wheel

ROUNDS = 5
AGAIN = 200
AGAIN_MS = 50


def milliseconds(act: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def by_hand(folder: Path, packages: Path) -> None:
    """The same with uv alone."""
    binary = uv.find_uv_bin()
    subprocess.run([binary, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    python = str(folder / "bin" / "python")
    install = [binary, "pip", "install", "--quiet", "--offline", "--no-index", "--find-links", str(packages)]
    subprocess.run([*install, "--python", python, "sun"], check=True)


def main() -> int:
    """Measure; returns 1 when the figure is not reached."""
    with tempfile.TemporaryDirectory(prefix="pyfi-bench-") as place:
        folder = Path(place)
        os.environ |= {"XDG_CACHE_HOME": str(folder / "cache"), "PYFI_PACKAGES": str(folder)}
        wheel(folder, "sun")
        made: list[float] = []
        hand: list[float] = []
        for number in range(ROUNDS):
            recipe = Recipe(requirements=("sun", f"sun<{number + 2}"))
            made.append(milliseconds(lambda recipe=recipe: environment(recipe)))
            hand.append(milliseconds(lambda number=number: by_hand(folder / f"hand{number}", folder)))
        again = [milliseconds(lambda: environment(Recipe(requirements=("sun", "sun<3")))) for _ in range(AGAIN)]
    print(f"made anew: median {statistics.median(made):,.0f} ms; by hand with uv {statistics.median(hand):,.0f} ms")
    p95 = statistics.quantiles(again, n=20)[-1]
    report("a second one with the same needs: median", statistics.median(again), "ms", f"under {AGAIN_MS} ms", p95 < AGAIN_MS)
    report("a second one with the same needs: p95", p95, "ms", f"under {AGAIN_MS} ms", p95 < AGAIN_MS)
    return 0 if p95 < AGAIN_MS else 1


if __name__ == "__main__":
    sys.exit(main())
