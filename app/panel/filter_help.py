"""What can be typed to find parts, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def filter_help() -> str:
    """For tooltips; see `app.panel.query`."""
    return QCoreApplication.translate(
        "filter_help",
        "<p>Words that a part holds: in its name, type, notes, settings or code. Or one of<br>"
        "<b>disabled, invalid, running, stopped, timer, cron, back pressure, expires</b></p>"
        "<p>Before them, filters:<br>"
        "<b>scope:here</b> - what is shown now, and what is inside it<br>"
        "<b>group:NAME</b> - what is in a subflow of that name<br>"
        "<b>properties:exclude</b> - not by settings and code</p>",
    )
