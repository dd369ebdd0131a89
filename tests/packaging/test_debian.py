"""Installing Debian packages without starting what they bring, shown with an apt-get that only records."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import debian
import pytest
from progress import SetupError

SCRIPT = Path(debian.__file__).with_name("debian-install.sh")
OWN_POLICY = "#!/bin/sh\n# the machine's own\nexit 104\n"


class Machine:
    """A folder in place of the machine: its policy-rc.d, and an apt-get that says what it finds there."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, apt: str) -> None:
        self.policy = folder / "policy-rc.d"
        self.seen = folder / "seen"
        program = folder / "bin" / "apt-get"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\n"$POLICY_RC_D"; echo "policy $? apt-get $*" >> {self.seen}\n{apt}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
        monkeypatch.setenv("POLICY_RC_D", str(self.policy))
        monkeypatch.setenv("TMPDIR", str(folder))

    def own_policy(self) -> None:
        self.policy.write_text(OWN_POLICY)
        self.policy.chmod(0o755)

    def install(self, *packages: str) -> int:
        return subprocess.run(["sh", SCRIPT, *packages], check=False).returncode


def test_nothing_may_start_while_packages_are_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(tmp_path, monkeypatch, "exit 0")
    assert machine.install("redis-server", "xvfb") == 0
    update, install = machine.seen.read_text().splitlines()
    assert update == "policy 101 apt-get -o DPkg::Lock::Timeout=300 update"
    assert install.endswith("install -y --no-install-recommends redis-server xvfb")
    assert install.startswith("policy 101 ")
    assert not machine.policy.exists()


def test_the_machines_own_policy_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(tmp_path, monkeypatch, "exit 0")
    machine.own_policy()
    assert machine.install("xvfb") == 0
    assert machine.policy.read_text() == OWN_POLICY
    assert os.access(machine.policy, os.X_OK)


def test_the_policy_is_put_back_when_apt_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(tmp_path, monkeypatch, "exit 100")
    machine.own_policy()
    assert machine.install("xvfb") == 100
    assert machine.policy.read_text() == OWN_POLICY


def test_the_policy_is_put_back_when_it_is_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(tmp_path, monkeypatch, "kill -TERM $PPID; exit 0")
    machine.own_policy()
    assert machine.install("xvfb") == 128 + signal.SIGTERM
    assert machine.policy.read_text() == OWN_POLICY


def test_a_guard_left_by_a_power_cut_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(tmp_path, monkeypatch, "kill -KILL $PPID; exit 0")
    assert machine.install("xvfb") == -signal.SIGKILL
    assert machine.policy.exists()
    machine = Machine.__new__(Machine)
    machine.policy = tmp_path / "policy-rc.d"
    (tmp_path / "bin" / "apt-get").write_text("#!/bin/sh\nexit 0\n")
    assert machine.install("xvfb") == 0
    assert not machine.policy.exists()


def test_without_apt_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian.shutil, "which", lambda *_args, **_settings: None)
    with pytest.raises(
        SetupError, match=r"^redis-server xvfb \(Debian's names\) must be installed for the tests and this machine"
    ):
        debian.install(["redis-server", "xvfb"], reason="for the tests")


def test_without_root_and_sudo_the_command_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(debian.shutil, "which", lambda program, **_settings: None if program == "sudo" else program)
    with pytest.raises(SetupError, match="run `apt-get install xvfb` as root"):
        debian.install(["xvfb"], reason="for the tests")


def test_what_this_test_run_needs_is_not_missing() -> None:
    assert debian.missing_for_tests(desktop=False) == []


def test_programs_and_libraries_that_are_absent_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(debian, "_PROGRAM_FOLDERS", (str(tmp_path),))
    monkeypatch.setattr(debian, "_has_program", lambda program: program == "node")
    assert debian.missing_for_tests(desktop=False) == ["redis-server", "rabbitmq-server", "postgresql", "systemd"]
    assert {"xvfb", "libegl1", "libxcb-cursor0"} <= set(debian.missing_for_tests(desktop=True))


def test_a_window_needs_libraries_and_a_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "_known_libraries", lambda: frozenset(debian._DESKTOP_LIBRARIES.values()) - {"libEGL.so.1"})
    monkeypatch.setattr(debian, "_FONT_FOLDERS", (str(tmp_path),))
    assert debian.missing_for_desktop() == ["libegl1", "fonts-dejavu-core"]
    (tmp_path / "truetype").mkdir()
    (tmp_path / "truetype" / "Some.ttf").touch()
    assert debian.missing_for_desktop() == ["libegl1"]
    assert set(debian.missing_for_tests(desktop=True)) >= {"libegl1"}
