"""The shape of the source: what lies where, and how large a file or a function may grow."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 60
TOP = {
    "app",
    "engine",
    "resources",
    "tests",
    "packaging",
    "pyproject.toml",
    "main.py",
    "pyfi.py",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
}


def sources() -> list[Path]:
    """Our own Python files; the examples are what users write."""
    found = [path for top in ("app", "engine", "packaging", "tests") for path in sorted((ROOT / top).rglob("*.py"))]
    return [path for path in found if "node_modules" not in path.parts]


def test_no_file_is_longer_than_a_room_one_knows() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {name: n for name, n in lengths.items() if n > MAX_FILE_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    long[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = lines
    assert long == {}


def test_the_top_level_stays_small() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tops = {line.split("/")[0] for line in listed.splitlines()}
    assert {top for top in tops if not top.startswith(".")} - TOP == set()


def test_packaging_is_no_package() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists(), "it would hide PyPI's `packaging`"
