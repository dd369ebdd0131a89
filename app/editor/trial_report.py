"""The outcome of a trial as a page."""

from __future__ import annotations

import html
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from app.editor.colors import EditorColors
from app.editor.sample import short_time, shown
from app.editor.trial import MOST_MESSAGES, Made, Outcome

translate = QCoreApplication.translate
_SHOWN = 25
_LINES_SHOWN = 300
_LEVEL_COLORS = {"error": "error", "warning": "warning", "debug": "comment"}


class TrialReport:
    """Writes HTML for a QTextBrowser; links are `line:N`."""

    def __init__(self, colors: EditorColors, family: str) -> None:
        self._colors = colors
        self._family = family

    def page(self, outcome: Outcome) -> str:
        """Everything there is to say of an outcome."""
        parts = [self._summary(outcome)]
        if outcome.reason:
            parts.append(self._text(outcome.reason, self._colors.comment if outcome.was_cancelled else self._colors.error))
        ports: dict[str, list[Made]] = {}
        for made in outcome.made:
            ports.setdefault(made.port, []).append(made)
        for port, messages in ports.items():
            parts.append(self._port(port, messages, outcome.line))
        if outcome.logged:
            parts.append(self._title(translate("TrialReport", "Logged and printed"), len(outcome.logged), self._colors.comment))
            parts += (
                self._text(text, getattr(self._colors, _LEVEL_COLORS.get(level, "text"))) for level, text in outcome.logged
            )
        return f"<div style='color:{self._colors.text}'>{''.join(parts)}</div>"

    def _summary(self, outcome: Outcome) -> str:
        count = len(outcome.made)
        if outcome.was_cancelled:
            word, color = translate("TrialReport", "Cancelled"), self._colors.comment
        elif outcome.failed:
            word, color = translate("TrialReport", "Failed"), self._colors.error
        else:
            word, color = translate("TrialReport", "Done"), self._colors.success
        what = translate("TrialReport", "1 message") if count == 1 else translate("TrialReport", "{0} messages").format(count)
        if count == MOST_MESSAGES:
            what = translate("TrialReport", "the first {0} messages").format(count)
        link = ""
        if outcome.line:
            place = translate("TrialReport", "line {0}").format(outcome.line)
            link = f" · <a style='color:{self._colors.function}' href='line:{outcome.line}'>{html.escape(place)}</a>"
        return (
            f"<p style='margin:2px 0 4px 0'><b style='color:{color}'>{html.escape(word)}</b>"
            f"<span style='color:{self._colors.comment}'> · {html.escape(what)} · {short_time(outcome.seconds)}</span>"
            f"{link}</p>"
        )

    def _port(self, port: str, messages: list[Made], line: int) -> str:
        color = self._colors.error if port == "failure" else self._colors.success
        parts = [self._title(port, len(messages), color)]
        for made in messages[:_SHOWN]:
            if made.error:
                parts.append(self._text(made.error, self._colors.error))
                if made.traceback:
                    parts.append(self._text(made.traceback.rstrip(), self._colors.comment))
            else:
                parts.append(self._text(shown(made.content), self._colors.text))
            if made.attributes:
                parts.append(self._text(_listed(made.attributes.items()), self._colors.comment))
        parts.append(self._more(len(messages) - _SHOWN))
        return "".join(parts)

    def _logged(self, level: str, text: str) -> str:
        return self._text(text, getattr(self._colors, _LEVEL_COLORS.get(level, "text")))

    def _more(self, count: int) -> str:
        text = translate("TrialReport", "… and {0} more").format(count)
        return self._text(text, self._colors.comment) if count > 0 else ""

    def _title(self, text: str, count: int, color: str) -> str:
        return (
            f"<p style='margin:8px 0 2px 0'><b style='color:{color}'>{html.escape(text)}</b>"
            f"<span style='color:{self._colors.comment}'> {count}</span></p>"
        )

    def _text(self, text: str, color: str) -> str:
        style = f'margin:0 0 2px 10px; font-family:"{self._family}"; color:{color}; white-space:pre-wrap'
        return f"<pre style='{style}'>{html.escape(text)}</pre>"


def _listed(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{name} = {value}" for name, value in pairs)
