"""One `pyfi run` at the terminal: signals in, progress and log lines to stderr, the summary to stdout."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from engine.bus.base import Event
from engine.cli.failure import INTERRUPTED, TERMINATED
from engine.cli.run_log import RunLog
from engine.cli.run_progress import LiveProgress, PlainProgress
from engine.cli.run_summary import print_summary
from engine.cli.terminal import print_json, say
from engine.client.run import FlowRun, Outcome, Progress


class RunSession:
    """Runs a flow before the eyes of a person, or for a program."""

    def __init__(self, flow_run: FlowRun, *, as_json: bool) -> None:
        self._flow_run = flow_run
        self._as_json = as_json
        self._view = LiveProgress(flow_run.flow) if sys.stderr.isatty() else PlainProgress(flow_run.flow)
        self._log = RunLog(self._view.say)
        self._status: int | None = None

    def run(self) -> int:
        """Run; returns the exit status."""
        try:
            outcome = asyncio.run(self._execute())
        finally:
            self._view.close()
            self._log.close()
        self._print(outcome)
        return outcome.exit_code if self._status is None else self._status

    async def _execute(self) -> Outcome:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._on_signal, number)
        return await self._flow_run.execute(self._on_progress, self._on_event)

    def _on_progress(self, progress: Progress) -> None:
        self._view.show(progress)
        self._log.tick()

    def _on_event(self, event: Event) -> None:
        if event.kind == "log" and event.data["level"] in ("warning", "error"):
            self._log.add(event.data["step"], event.data["text"])

    def _on_signal(self, number: signal.Signals) -> None:
        """The first one ends the run gracefully, a second one at once."""
        if self._status is None:
            self._status = INTERRUPTED if number == signal.SIGINT else TERMINATED
            self._flow_run.stop()
            again = "; Ctrl+C again stops at once" if number == signal.SIGINT else ""
            self._view.say(f"stopping: what runs is finished, and the same command goes on from there{again}")
            return
        self._flow_run.kill_hosts()
        self._view.close()
        self._log.close()
        say("stopped; the same command goes on from the last commit")
        # Nothing is lost: what was not committed is done again. An orderly end would wait for processes that were just killed.
        os._exit(self._status)

    def _print(self, outcome: Outcome) -> None:
        if self._as_json:
            for sentence in outcome.troubles:
                say(f"pyfi: {sentence}")
            print_json(outcome.summary)
        else:
            print_summary(outcome, self._flow_run.prepared.path, interrupted=self._status is not None)
