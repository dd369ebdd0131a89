"""Migrations of the ledger's tables, run from the program itself when a ledger is opened that an older PYFI wrote."""

from __future__ import annotations

from pathlib import Path

from engine.database.scripts import Scripts

_SCRIPTS = Scripts(Path(__file__).parent)
upgrade = _SCRIPTS.upgrade
head = _SCRIPTS.head
