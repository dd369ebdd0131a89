"""Whether the window is ever blocked while a flow runs at full speed: gaps of its event loop, in the real program, offscreen.

    python tests/bench/ui_gap.py [--seconds S] [--cards N] [--every N] [--stacks]

A source without end feeds a Python step, a log and a file, as fast as they go; one message in `--every` is logged. Beside it,
`--cards` others stand by. A timer of the event loop that is due every few milliseconds tells when it was late. On a machine
that is busy with the flow itself a thread also waits for its turn: so of the worst gap is told what was the window's own doing,
and for how long it was ready and the kernel gave it no core; with `--stacks` what it and the other threads did meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.measure import ROOT, report
from tests.bench.pulse import Gap, Pulse, packed

REACH_MS = 50.0
WARM_UP_S = 5.0
START_S = 120.0
FLOW = """
pyfi: 1
name: full speed
processors:
  - {{id: source, type: generate, config: {{count: 0, content: {{n: "{{n}}", text: "some text of a usual length"}}}}}}
  - {{id: work, type: python, code: "def work(message): message['n'] = int(message['n']) % 7; return message"}}
  - {{id: tell, type: log, config: {{every: {every}}}}}
  - {{id: keep, type: write_lines, config: {{path: out.jsonl}}}}
{idle}connections:
  - {{from: source.success, to: work.in}}
  - {{from: work.success, to: tell.in}}
  - {{from: tell.success, to: keep.in}}
{joined}"""


def flow(every: int, cards: int) -> str:
    """The flow as text."""
    idle = "".join(f"  - {{id: idle{n}, type: python, code: 'def f(x): return x'}}\n" for n in range(cards))
    joined = "".join(f"  - {{from: idle{n}.success, to: idle{n + 1}.in}}\n" for n in range(cards - 1))
    if cards:
        idle = f"  - {{id: once, type: generate}}\n{idle}"
        joined = f"  - {{from: once.success, to: idle0.in}}\n{joined}auto_terminate: [idle{cards - 1}.success]\n"
    return FLOW.format(every=every, idle=idle, joined=joined)


def measure(path: str, seconds: float, *, stacks: bool) -> None:
    """Run the program with a flow in this process, and print what was measured as JSON."""
    import app.start
    from app.window.main_window import MainWindow

    run = app.start._run
    found: dict[str, Any] = {}

    async def watched(application: Any, options: argparse.Namespace, *rest: Any) -> int:
        program = asyncio.ensure_future(run(application, options, *rest))
        pulse = Pulse(watched=stacks)
        window = None
        begun_s = time.monotonic()
        while window is None or not received(window):
            await asyncio.sleep(0.1)
            if program.done() or time.monotonic() - begun_s > START_S:
                raise SystemExit("the flow does not run")
            window = next((each for each in application.topLevelWidgets() if isinstance(each, MainWindow)), None)
        await asyncio.sleep(WARM_UP_S)
        pulse.begin()
        before, cpu = received(window), time.thread_time()
        await asyncio.sleep(seconds)
        found.update(
            worst=packed(pulse.worst), own_ms=max(gap.cpu_ms for gap in pulse.gaps), beats=len(pulse.gaps),
            late=[packed(gap) for gap in pulse.gaps if gap.wall_ms > REACH_MS],
            unserved_ms=max(gap.wall_ms - gap.queued_ms for gap in pulse.gaps),
            messages=(received(window) - before) / seconds, cpu=(time.thread_time() - cpu) / seconds,
            lines=len(window.docks.log.view.log),
        )  # fmt: skip
        await window.conductor.supervisor.shut_down(10)
        program.cancel()
        return 0

    app.start._run = watched
    app.start.start([path, "--run", "--size", "1600x900"])
    print(json.dumps(found), flush=True)
    os._exit(0)


def received(window: Any) -> int:
    """Messages that the last step has taken in, as the window knows."""
    flow = window.conductor.feed.flow(window.page.title) if window.page is not None else None
    figures = flow.processors.get("keep") if flow is not None else None
    return figures.received if figures is not None else 0


def main() -> int:
    """Measure; exit status 1 when the figure is not reached."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--cards", type=int, default=0)
    options.add_argument("--every", type=int, default=20)
    options.add_argument("--stacks", action="store_true")
    options.add_argument("--flow", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.flow:
        measure(chosen.flow, chosen.seconds, stacks=chosen.stacks)
    with tempfile.TemporaryDirectory(prefix="pyfi-bench-") as folder:
        path = Path(folder) / "full speed.flow.yaml"
        path.write_text(flow(chosen.every, chosen.cards), encoding="utf-8")
        places = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), folder)
        environment = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, __file__, *sys.argv[1:], "--flow", str(path)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"the program failed ({done.returncode}): {done.stderr[-2000:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    print(
        f"  {found['messages']:,.0f} messages a second, {found['lines']:,} lines in the log, {found['beats']:,} beats",
        flush=True,
    )
    print(
        f"  the window's thread was busy for {found['cpu']:.0%} of the time, at most {found['own_ms']:.1f} ms at once",
        flush=True,
    )
    worst = Gap(**found["worst"])
    for line in worst.told():
        print(f"  {line}", flush=True)
    for late in found["late"]:
        parts = (late[part] for part in ("wall_ms", "cpu_ms", "queued_ms", "stolen_ms"))
        print("  over: {:.0f} ms, {:.0f} busy, {:.0f} given no core, {:.0f} taken by the host".format(*parts), flush=True)
    print(f"  longest gap but for waits for a core: {found['unserved_ms']:.1f} ms", flush=True)
    good = worst.wall_ms < REACH_MS
    what = f"gap of the event loop while a flow runs at full speed, worst of {chosen.seconds:g} s"
    report(what, worst.wall_ms, "ms", f"under {REACH_MS:g} ms, {len(found['late'])} were over", good)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
