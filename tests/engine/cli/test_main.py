from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli import desktop, failure
from engine.cli.words import WORDS
from engine.client.version import version
from engine.errors import InvalidFlow, StorageFull, UsageError
from tests.engine.cli.command import environment, process, pyfi, write_flow

MANUAL = Path(__file__).absolute().parents[3] / "resources" / "manual" / "commands"
_HEAVY = {"sqlalchemy", "rich", "yaml", "msgspec", "asyncio", "click", "alembic", "platformdirs"}


def test_the_version_is_told_without_loading_anything_heavy():
    program = (
        "import sys, atexit; atexit.register(lambda: print(*sorted(sys.modules))); from engine.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "--version"], capture_output=True, text=True, check=True, env=environment()
    )

    told, modules = done.stdout.splitlines()
    assert told == f"pyfi {version()}"
    assert _HEAVY & set(modules.split()) == set()


def test_a_command_loads_no_other_command(tmp_path):
    program = "import sys, atexit; atexit.register(lambda: print(*sys.modules)); from engine.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "validate", "--help"], capture_output=True, text=True, check=True, env=environment()
    )

    loaded = set(done.stdout.splitlines()[-1].split())
    assert "engine.cli.flow_file" in loaded
    assert {name for name in loaded if name.startswith(("engine.runtime", "engine.stores", "sqlalchemy", "rich"))} == set()


def test_help_names_every_command_and_each_has_a_page(tmp_path):
    done = pyfi("--help", cwd=tmp_path)

    assert done.returncode == 0
    listed = {
        line.split()[0] for line in done.stdout.partition("Commands:")[2].splitlines() if line.startswith("  ") and line.split()
    }
    pages = "\n".join(path.read_text(encoding="utf-8") for path in MANUAL.glob("*.md"))
    for word in WORDS:
        if word in listed:
            assert f"`pyfi {word}" in pages, word


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["rnu"], "pyfi: there is no command 'rnu'; did you mean 'run'? `pyfi --help` shows how to use it"),
        (["run", "--frehs", "x"], "pyfi: no such option '--frehs'"),
        (["--show-completion", "tcsh"], "pyfi: there is no completion for 'tcsh'; it can be bash, zsh, fish"),
    ],
)
def test_wrong_use_is_one_line_and_exits_2(tmp_path, arguments, line):
    done = pyfi(*arguments, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("app", "the desktop is not part of this installation; `pyfi --help` shows what can be done without it"),
        (
            "PySide6",
            (
                "the desktop needs PySide6, which is not installed; install `pyfi[app]` to have all it needs "
                "(in a clone of PYFI: python3 packaging/dev.py setup)"
            ),
        ),
    ],
)
def test_a_desktop_that_is_not_there_is_one_sentence(monkeypatch, missing, sentence):
    monkeypatch.setattr(desktop, "find_spec", lambda name: None if name == missing else object())

    with pytest.raises(UsageError) as refused:
        desktop.open_desktop([])

    assert str(refused.value) == sentence


def test_the_options_of_the_desktop_are_said_without_its_libraries(monkeypatch, capsys):
    monkeypatch.setattr(desktop, "find_spec", lambda name: None if name == "PySide6" else object())
    for library in ("PySide6", "NodeGraphQt", "numpy", "qasync"):
        monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(SystemExit) as left:
        desktop.open_desktop(["--help"])

    assert left.value.code == 0
    assert "--screenshot PNG" in capsys.readouterr().out


def test_completion_is_printed_installed_once_and_works(tmp_path, monkeypatch):
    script = pyfi("--show-completion", "bash", cwd=tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    first = pyfi("--install-completion", "bash", cwd=tmp_path)
    second = pyfi("--install-completion", "bash", cwd=tmp_path)
    words = process(cwd=tmp_path, _PYFI_COMPLETE="bash_complete", COMP_WORDS="pyfi va", COMP_CWORD="1")

    assert "_PYFI_COMPLETE=bash_complete" in script.stdout
    assert (first.returncode, second.returncode) == (0, 0)
    assert (tmp_path / ".bashrc").read_text().count("_PYFI_COMPLETE") == 1
    assert words.stdout == "plain,validate\n"


@pytest.mark.parametrize("arguments", [["ls", "types", "--json"], ["ls", "types"], ["--help"], ["--version"]])
def test_output_that_nobody_reads_any_more_is_no_error(tmp_path, arguments):
    command = [sys.executable, "-m", "engine.cli.main", *arguments]
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run(
            command, cwd=tmp_path, stdout=closed, stderr=subprocess.PIPE, text=True, env=environment(), check=False
        )

    assert (done.returncode, done.stderr) == (failure.PIPE_CLOSED, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["ls", "types", "--json"], ["ls", "types"], ["--version"]])
def test_output_that_has_no_room_is_said_in_one_line(tmp_path, arguments):
    command = [sys.executable, "-m", "engine.cli.main", *arguments]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, env=environment(), check=False
        )

    line = "pyfi: the output cannot be written (No space left on device); free some space, or write elsewhere\n"
    assert (done.returncode, done.stderr) == (1, line)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_from_the_start_are_empty_ones(tmp_path, closed):
    flow = write_flow(tmp_path)
    command = f'"{sys.executable}" -m engine.cli.main run "{flow}" --workspace work {closed}'
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, env=environment(), check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert len((tmp_path / "kept.txt").read_text().splitlines()) == 20


def test_every_error_becomes_a_line_and_a_status(capsys):
    def raising(error):
        def call(arguments):
            raise error

        return call

    assert failure.guarded(raising(StorageFull("the disk is\nfull; free some space")), []) == 1
    assert failure.guarded(raising(InvalidFlow(["f.yaml: one", "f.yaml: two"])), []) == 2
    assert failure.guarded(raising(KeyboardInterrupt()), []) == 130
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["pyfi: the disk is full; free some space", "f.yaml: one", "f.yaml: two", "pyfi: interrupted"]


def test_a_fault_of_ours_leaves_a_report_without_secrets(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    def call(arguments):
        raise RuntimeError("this should\nnot happen")

    status = failure.guarded(call, ["run", "x.yaml", "--set", "password=geheim", "--data=geheim"])

    err = capsys.readouterr().err
    (report,) = (tmp_path / "pyfi" / "reports").iterdir()
    text = report.read_text()
    assert status == failure.INTERNAL
    assert err == f"pyfi: internal error (RuntimeError: this should not happen); please report it with the file {report}\n"
    assert 'raise RuntimeError("this should\\nnot happen")' in text
    assert "command: pyfi run x.yaml --set ... --data=..." in text
    assert "geheim" not in text.partition("Traceback")[0]
