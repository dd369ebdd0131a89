"""Targets, for the desktop and the command line."""

from __future__ import annotations

from engine.targets import LOCAL, Target, Targets, without_password

__all__ = ["LOCAL", "Target", "Targets", "without_password"]
