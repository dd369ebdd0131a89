from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import sys
from pathlib import Path

from engine.client.debugger import Debugger
from engine.errors import NotFound
from engine.runtime.debugging import DebugAddress
from tests.engine.api.served import Served, wait_until
from tests.engine.cli.command import environment, pyfi, write_flow
from tests.servers import free_port

FLOW = """
pyfi: 1
name: steps
processors:
  - id: shout
    type: python
    code: |
      def shout(text):
          loud = text.upper()
          return loud
  - {id: copy, type: bash, code: cat}
"""

LIVE = """
pyfi: 1
name: live
processors:
  - {id: numbers, type: generate, config: {count: 5, rate: 50}}
  - id: shout
    type: python
    code: |
      def shout(text):
          return text
  - {id: out, type: write_lines, config: {path: out.txt}}
connections:
  - {from: numbers.success, to: shout.in}
  - {from: shout.success, to: out.in}
"""


def is_debugged(served: Served) -> bool:
    try:
        return bool(served.get("/deployments/live/processors/debug", step="shout"))
    except NotFound:
        return False


def test_a_debugger_attaches_to_the_address_that_is_printed(tmp_path: Path) -> None:
    write_flow(tmp_path, FLOW, "steps.flow.yaml")
    port = free_port()

    async def debug() -> tuple[str, str, int | None]:
        arguments = ("-m", "engine.cli.main", "debug", "steps.flow.yaml", "shout", "--data", '"a"', "--port", str(port))
        pipe = asyncio.subprocess.PIPE
        command = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=tmp_path, env=environment(), stdout=pipe, stderr=pipe
        )
        assert command.stderr is not None
        lines = [(await command.stderr.readline()).decode() for _ in range(2)]
        assert lines[0] == f"attach a debugger to 127.0.0.1:{port}\n"
        file = re.fullmatch(r"set breakpoints in (.*)\n", lines[1])
        assert file is not None, lines
        debugger = await Debugger.attach(DebugAddress("127.0.0.1", port, Path(file[1])), [3])
        stop = await debugger.stopped()
        assert stop is not None
        value = {each.name: each.value for each in await debugger.locals(stop.frames[0])}["loud"]
        await debugger.detach()
        out, _ = await command.communicate()
        return value, out.decode(), command.returncode

    value, out, status = asyncio.run(asyncio.wait_for(debug(), 60))
    assert (value, json.loads(out), status) == ("'A'", {"port": "success", "content": "A"}, 0)


def test_a_port_that_is_taken_is_refused(tmp_path: Path) -> None:
    write_flow(tmp_path, FLOW, "steps.flow.yaml")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = pyfi("debug", "steps.flow.yaml", "shout", "--data", "1", "--port", port, cwd=tmp_path)
    assert done.returncode == 2
    assert f"cannot listen for a debugger on port {port}: Address already in use" in done.stderr


def test_what_is_no_python_is_refused(tmp_path: Path) -> None:
    write_flow(tmp_path, FLOW, "steps.flow.yaml")
    done = pyfi("debug", "steps.flow.yaml", "copy", "--data", "1", cwd=tmp_path)
    assert (done.returncode, "is of the type bash" in done.stderr) == (2, True)


def test_a_processor_of_a_flow_that_runs_is_debugged_until_ctrl_c(tmp_path: Path) -> None:
    write_flow(tmp_path, LIVE, "live.flow.yaml")

    async def debug(served: Served) -> list[str]:
        arguments = ("-m", "engine.cli.main", "debug", "live", "shout", "--live", "--workspace", "ws")
        command = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=tmp_path, env=environment(), stderr=asyncio.subprocess.PIPE
        )
        assert command.stderr is not None
        await asyncio.to_thread(wait_until, lambda: is_debugged(served))
        await asyncio.to_thread(served.post, "/deployments/live/start")
        lines = [(await command.stderr.readline()).decode().rpartition(" ")[2].strip() for _ in range(2)]
        host, _, port = lines[0].partition(":")
        debugger = await Debugger.attach(DebugAddress(host, int(port), Path(lines[1])), [2])
        seen: list[str] = []
        for _ in range(2):
            stop = await debugger.stopped()
            assert stop is not None
            seen += [each.value for each in await debugger.locals(stop.frames[0]) if each.name == "text"]
            await debugger.go_on(stop)
        command.send_signal(signal.SIGINT)
        assert await command.wait() == 0
        assert (await command.stderr.read()).decode() == "shout is the flow's again\n"
        await debugger.detach()
        return seen

    with Served(tmp_path) as served:
        served.deploy(LIVE, start=False)
        assert asyncio.run(asyncio.wait_for(debug(served), 60)) == ["0", "1"]
        wait_until(lambda: served.flow("live")["state"] == "ended")
        assert (tmp_path / "out.txt").read_text().split() == ["0", "1", "2", "3", "4"]


def test_a_live_processor_takes_no_data(tmp_path: Path) -> None:
    done = pyfi("debug", "live", "shout", "--live", "--data", "1", cwd=tmp_path)
    assert (done.returncode, "--live takes the messages of the flow" in done.stderr) == (2, True)
