"""From the start of the application that desktops install to its painted window, warm, beside the same from the sources.

Both are watched from outside, on a screen of their own whose picture lies in a file: painted is when the canvas shows cards.
`dev.py build bundle` makes the application first.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = ROOT / "build" / "bundle" / "pyfi" / "pyfi"
EXAMPLE = ROOT / "resources" / "examples" / "web-log-triage" / "web-log-triage.flow.yaml"
REACH_S = 1.5
ROUNDS = 5
WIDTH, HEIGHT = 1600, 900
_COLOURS = 12
_LIMIT_S = 60.0


@contextmanager
def screen(folder: Path) -> Iterator[tuple[str, mmap.mmap]]:
    """A private X server: its name, and what it shows as bytes."""
    reading, writing = os.pipe()
    size = ["-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(folder)]
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), *size, "-nolisten", "tcp"], pass_fds=[writing])
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            name = f":{int(told.readline())}"
        with (folder / "Xvfb_screen0").open("rb") as file:
            yield name, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    finally:
        server.terminate()
        server.wait()


def has_cards(shown: mmap.mmap) -> bool:
    """Whether the middle of the screen has as many colours as a card has, and an empty window has not."""
    row_bytes = WIDTH * 4
    head = len(shown) - row_bytes * HEIGHT
    colours: set[bytes] = set()
    for y in range(HEIGHT // 3, HEIGHT // 2, 4):
        row = shown[head + y * row_bytes + row_bytes // 5 : head + y * row_bytes + row_bytes * 3 // 5]
        colours.update(row[place : place + 4] for place in range(0, len(row), 4))
    return len(colours) >= _COLOURS


def seconds(command: Sequence[str], environment: dict[str, str], shown: mmap.mmap) -> tuple[float, float]:
    """From the start of a process to the picture of a flow; and for how long of that it computed."""
    started = time.perf_counter()
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        while not has_cards(shown):
            if time.perf_counter() > started + _LIMIT_S or process.poll() is not None:
                raise SystemExit("nothing was painted")
            time.sleep(0.005)
        taken = time.perf_counter() - started
        used = psutil.Process(process.pid).cpu_times()
        process.kill()
    while has_cards(shown):
        time.sleep(0.05)
    return taken, used.user + used.system


def end_engines(folder: str) -> None:
    """Engines outlive the windows that started them: end those whose data lie in the folder."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("XDG_DATA_HOME", "").startswith(folder):
                process.kill()
                process.wait(10)


def main() -> int:
    """Measure; exit status 1 when the figure is not reached."""
    if not BUNDLE.exists():
        raise SystemExit("there is no application: run `python3 packaging/dev.py build bundle` first")
    taken: dict[str, list[tuple[float, float]]] = {"bundle": [], "sources": []}
    commands = {"bundle": [str(BUNDLE)], "sources": [sys.executable, "-m", "engine.cli.main"]}
    with tempfile.TemporaryDirectory(prefix="pyfi-bench-") as name, screen(Path(name)) as (display, shown):
        path = Path(name) / EXAMPLE.name
        shutil.copytree(EXAMPLE.parent, path.parent, dirs_exist_ok=True)
        for side, command in commands.items():
            places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), f"{name}/{side}")
            environment = {**os.environ, **places, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
            picture = ["--screenshot", f"{name}/{side}.png"]
            subprocess.run([*command, "app", str(path), *picture], env=environment, cwd=ROOT, check=True)
            for _ in range(ROUNDS + 1):
                start = [*command, "app", str(path), "--new-window", "--size", f"{WIDTH}x{HEIGHT}"]
                taken[side].append(seconds(start, environment, shown))
        end_engines(name)
    for side, times in taken.items():
        warm, computed = zip(*times[1:], strict=True)
        spread = f"of {ROUNDS}: {min(warm):.2f} to {max(warm):.2f} s"
        computing_s = statistics.median(computed)
        print(f"{side:<8} painted after {statistics.median(warm):.2f} s ({spread}), computing {computing_s:.2f} s of it")
    print(f"load of the machine: {os.getloadavg()[0]:.1f}; reach {REACH_S} s with nothing else running")
    return int(statistics.median(warm for warm, _ in taken["bundle"][1:]) > REACH_S)


if __name__ == "__main__":
    raise SystemExit(main())
