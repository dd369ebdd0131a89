"""The rules that all tests live under, each shown by a small run of pytest with the project's own conftest and settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(folder: Path, test: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the tests in `test` as if they were among the project's."""
    (folder / "test_small.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *arguments, folder / "test_small.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **variables},
    )


def test_a_process_left_running_fails_the_run_and_is_ended(tmp_path: Path) -> None:
    left = """
import pathlib, subprocess, sys
def test_it():
    program = "import subprocess, sys; print(subprocess.Popen(['sleep', '600'], start_new_session=True, stdout=2).pid)"
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True)
    pathlib.Path(FOLDER, "pid").write_bytes(done.stdout)
""".replace("FOLDER", repr(str(tmp_path)))
    done = run(tmp_path, left)
    assert done.returncode == 1
    assert "1 passed, 1 error" in done.stdout
    assert "these processes outlived the tests that started them" in done.stdout
    pid = int((tmp_path / "pid").read_text())
    assert f"{pid} sleep 600" in done.stdout
    assert not psutil.pid_exists(pid)


@pytest.mark.parametrize(
    ("noise", "name"),
    [
        ("import warnings; warnings.warn('old')", "UserWarning"),
        ("async def f(): pass\n    f()\n    import gc; gc.collect()", "never awaited"),
        ("open('/dev/null')\n    import gc; gc.collect()", "unclosed file"),
        ("import threading\n    t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()", "ZeroDivisionError"),
    ],
)
def test_noise_fails(tmp_path: Path, noise: str, name: str) -> None:
    done = run(tmp_path, f"def test_it():\n    {noise}\n")
    assert done.returncode == 1
    assert name in done.stdout


def test_long_tests_run_only_when_asked(tmp_path: Path) -> None:
    tests = "import pytest\n@pytest.mark.long\ndef test_long(long_form): assert long_form\ndef test_short(long_form): pass\n"
    assert "1 passed, 1 deselected" in run(tmp_path, tests).stdout
    assert "2 passed" in run(tmp_path, tests, "--long").stdout


def test_tests_that_use_servers_are_marked(tmp_path: Path) -> None:
    tests = "def test_with(redis_url): pass\ndef test_without(): pass\n"
    assert "1 passed, 1 deselected" in run(tmp_path, tests, "-m", "not servers").stdout


def test_a_missing_server_fails_with_the_cure(tmp_path: Path) -> None:
    tests = """
import tests.servers
tests.servers._FOLDERS = ("/nowhere",)
def test_it(redis_url): pass
"""
    done = run(tmp_path, tests, PATH=str(tmp_path))
    assert done.returncode == 1
    assert "redis-server is not installed: run `python3 packaging/dev.py setup test`" in done.stdout
    assert "1 error" in done.stdout


def test_the_users_own_data_and_settings_are_out_of_reach(tmp_path: Path) -> None:
    tests = """
import os, platformdirs
def test_it():
    for path in (platformdirs.user_data_dir("pyfi"), platformdirs.user_config_dir("pyfi"), platformdirs.user_state_dir("pyfi")):
        assert not path.startswith(os.path.expanduser("~/."))
    assert "PYFI_DATABASE_URL" not in os.environ
"""
    done = run(tmp_path, tests, PYFI_DATABASE_URL="postgresql://somewhere/else")
    assert done.returncode == 0, done.stdout
