"""A hard end leaves word for the next start."""

from __future__ import annotations

import signal
import subprocess
import sys

from app.crash.black_box import last_words

_PROGRAM = """
import faulthandler, os, sys, time
from pathlib import Path
from app.crash.black_box import BlackBox

box = BlackBox(Path(sys.argv[1]))
print("ready", flush=True)
match sys.argv[2]:
    case "crash": faulthandler._sigsegv()
    case "leave": box.close()
    case "wait": time.sleep(600)
"""


def program(folder, what: str) -> subprocess.Popen[str]:
    made = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(folder), what], stdout=subprocess.PIPE, text=True)
    assert made.stdout is not None
    assert made.stdout.readline() == "ready\n"
    return made


def test_a_crash_says_where_it_was_and_says_it_once(tmp_path):
    with program(tmp_path, "crash") as crashed:
        assert crashed.wait(60) == -signal.SIGSEGV
    words = last_words(tmp_path)
    assert len(words) == 1
    assert "Segmentation fault" in words[0]
    assert "most recent call first" in words[0]
    assert last_words(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_an_end_in_good_order_and_a_kill_leave_no_word(tmp_path):
    with program(tmp_path, "leave") as left:
        assert left.wait(60) == 0
    assert list(tmp_path.iterdir()) == []
    with program(tmp_path, "wait") as killed:
        assert last_words(tmp_path) == []
        assert len(list(tmp_path.iterdir())) == 1  # it lives: its file is its own
        killed.kill()
        killed.wait(60)
    assert last_words(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
