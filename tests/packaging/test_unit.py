"""The systemd unit of agents: read by systemd itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from environment import ROOT

from engine.cli.agent import start

UNIT = ROOT / "packaging" / "linux" / "pyfi-agent@.service"


def settings() -> dict[str, str]:
    """What the unit sets, whatever the section."""
    lines = [line for line in UNIT.read_text().splitlines() if line and line[0] not in "#["]
    return dict(line.split("=", 1) for line in lines)


def verified(text: str, folder: Path) -> str:
    """What systemd says of an instance of a unit with this text; nothing where all is right."""
    unit = folder / "pyfi-agent@prod.service"
    # The program is not where the unit will find it.
    unit.write_text(text.replace("/opt/pyfi/bin/pyfi", "/bin/true"))
    command = ["systemd-analyze", "--man=no", "--recursive-errors=no", "verify", unit]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr + (f"exit status {done.returncode}" if done.returncode else "")


def test_systemd_finds_no_fault(tmp_path: Path) -> None:
    assert verified(UNIT.read_text(), tmp_path) == ""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("KillMode=mixed", "KillMode=mxied"),
        ("Restart=always", "Restrat=always"),
        ("TimeoutStopSec=45", "TimeoutStopSec=soon"),
        ("ExecStart=/opt", "ExecStart=opt"),
        ("[Service]\n", "[Service]\nStartLimitIntervalSec=0\n"),  # in the wrong section
    ],
)
def test_a_wrong_unit_is_found_out(tmp_path: Path, right: str, wrong: str) -> None:
    text = UNIT.read_text()
    assert right in text
    assert verified(text.replace(right, wrong), tmp_path) != ""


def test_an_agent_may_end_in_good_order() -> None:
    found = settings()
    assert found["KillMode"] == "mixed", "workers and hosts must not be told to end by anybody but their agent"
    assert int(found["TimeoutStopSec"]) > 30
    assert found["Restart"] == "always"


def test_the_agent_is_started_with_options_that_there_are() -> None:
    program, *words = settings()["ExecStart"].split()
    assert (program, words[:2], words[-1]) == ("/opt/pyfi/bin/pyfi", ["agent", "start"], "$PYFI_AGENT")
    assert start.make_context("start", words[2:-1]).params["target"] == "%i"


def test_passwords_are_in_a_file_of_their_own() -> None:
    assert settings()["EnvironmentFile"] == "/etc/pyfi/%i.env"
