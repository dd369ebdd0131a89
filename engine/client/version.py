"""Which PYFI this is."""

from __future__ import annotations

from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def version() -> str:
    """The version: a checkout's own, otherwise the one that was installed."""
    if _PROJECT.is_file():
        import tomllib

        project = tomllib.loads(_PROJECT.read_text(encoding="utf-8")).get("project", {})
        if project.get("name") == "pyfi":
            return str(project["version"])
    from importlib.metadata import version as installed

    return installed("pyfi")
