"""How a run goes, on stderr: live lines on a terminal, now and then a plain line elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING

from engine.cli.terminal import count, say
from engine.client.run import Progress, StepProgress

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

_PLAIN_EVERY_S = 5.0
_MOST_LINES = 12


class PlainProgress:
    """A line every few seconds, for logs and pipes."""

    def __init__(self, flow: str) -> None:
        self._flow = flow
        self._started = self._told = time.monotonic()

    def show(self, progress: Progress) -> None:
        """Say how things stand, if it is time again."""
        now = time.monotonic()
        if now - self._told >= _PLAIN_EVERY_S:
            self._told = now
            self.say(f"{self._flow}: {overall(progress, now - self._started)}")

    def say(self, text: str) -> None:
        """A line in between."""
        say(text)

    def close(self) -> None:
        """Nothing more will be shown."""


class LiveProgress:
    """Lines that keep changing: the run as a whole, and each processor that works or has work waiting."""

    def __init__(self, flow: str) -> None:
        self._flow = flow
        self._started = time.monotonic()
        self._live: Live | None = None

    def show(self, progress: Progress) -> None:
        """Draw how things stand."""
        lines = self._lines(progress, time.monotonic() - self._started)
        if self._live is None:
            from rich.live import Live

            from engine.cli.terminal import console

            # Drawn only from here: a thread of its own would take time from the engine.
            self._live = Live(console=console(sys.stderr), auto_refresh=False, transient=True, redirect_stdout=False)
            self._live.start()
        self._live.update(lines, refresh=True)

    def say(self, text: str) -> None:
        """A line above the live ones."""
        if self._live is None:
            say(text)
        else:
            from rich.text import Text

            self._live.console.print(Text(text))

    def close(self) -> None:
        """Take the live lines away and give the cursor back."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _lines(self, progress: Progress, seconds: float) -> Table:
        from rich.table import Table
        from rich.text import Text

        outer = Table.grid()
        head = f"{self._flow}: {overall(progress, seconds)}, {seconds:.0f} s"
        outer.add_row(Text(head, style="bold", no_wrap=True, overflow="ellipsis"))
        room = max(1, min(_MOST_LINES, shutil.get_terminal_size().lines - 4))
        inner = Table.grid(padding=(0, 2))
        for column in range(6):
            is_name = column == 1
            inner.add_column(justify="left" if is_name else "right", no_wrap=True, min_width=12 if is_name else 1)
        for step in _chosen(progress.steps, room):
            inner.add_row(
                Text("*" if step.busy else " "),
                Text(step.id),
                Text(f"in {step.received:,}"),
                Text(f"out {step.sent:,}"),
                Text(f"failed {step.failed:,}" if step.failed else "", style="red"),
                Text(f"queued {step.queued:,}" if step.queued else ""),
            )
        outer.add_row(inner)
        if len(progress.steps) > room:
            outer.add_row(Text(f"and {count(len(progress.steps) - room, 'more processor')}"))
        return outer


def overall(progress: Progress, seconds: float) -> str:
    """The run as a whole in one line."""
    rate = progress.messages / seconds if seconds > 0 else 0.0
    queued = f", {progress.queued:,} queued" if progress.queued else ""
    return f"{count(progress.messages, 'message')}, {rate:,.0f}/s{queued}"


def _chosen(steps: tuple[StepProgress, ...], room: int) -> list[StepProgress]:
    """The processors to show, in the flow's order: those at work and with most waiting when there are too many."""
    if len(steps) <= room:
        return list(steps)
    kept = set(sorted(range(len(steps)), key=lambda index: (not steps[index].busy, -steps[index].queued, index))[:room])
    return [step for index, step in enumerate(steps) if index in kept]
