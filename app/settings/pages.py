"""The pages of the settings, each a list of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontDatabase

from app.settings.language import languages
from app.settings.page import Page
from app.settings.row import Row, check_row, choice_row, entry_row, fact_row, number_row
from app.settings.settings import GREATEST_CODE, GREATEST_GRID, GREATEST_SCALE, LEAST_GRID, LEAST_SCALE
from app.settings.store import Store
from engine.errors import UsageError
from engine.settings import read_settings
from engine.settings_file import is_overridden, write_setting


class Fact(NamedTuple):
    """Something to know: its title, what it means, what it is, and the folder that can be shown."""

    title: str
    meaning: str
    fact: str
    folder: Path | None = None


def tr(text: str) -> str:
    """The text in the language of the user."""
    return QCoreApplication.translate("settings", text)


def make_pages(store: Store, saving: Sequence[Fact], running: Sequence[Fact]) -> list[Page]:
    """All pages but that of the keys; with the facts of the pages on saving and on running."""
    return [_appearance(store), _code(store), _canvas(store), _running(store, running), _saving(store, saving)]


def _appearance(store: Store) -> Page:
    themes = {"system": tr("As the system"), "dark": tr("Dark"), "light": tr("Light")}
    spoken = {"": tr("As the system")} | languages()
    return Page(
        tr("Appearance"),
        "sun",
        store,
        [
            choice_row(store, "theme", tr("Theme"), tr("Dark or light; as the system follows it while PYFI is open."), themes),
            number_row(
                store,
                "scale",
                tr("Size"),
                tr("How large texts, buttons and the canvas at its actual size are."),
                bounds=(LEAST_SCALE, GREATEST_SCALE, 10),
                unit=" %",
            ),
            choice_row(store, "font", tr("Font"), tr("Of everything but code."), _families(fixed=False)),
            choice_row(store, "language", tr("Language"), tr("Spoken from the next start on."), spoken),
        ],
    )


def _code(store: Store) -> Page:
    return Page(
        tr("Code"),
        "code",
        store,
        [
            choice_row(
                store, "code_font", tr("Font of code"), tr("In the editor, results, messages and logs."), _families(fixed=True)
            ),
            number_row(
                store,
                "code_size",
                tr("Size of code"),
                tr("In points, before the size of the interface counts; 0 is as large as the interface."),
                bounds=(0, GREATEST_CODE, 1),
                unit=" pt",
            ),
        ],
    )


def _families(*, fixed: bool) -> Mapping[str, str]:
    names = [name for name in QFontDatabase.families() if not fixed or QFontDatabase.isFixedPitch(name)]
    return {"": tr("As the system")} | {name: name for name in names if not QFontDatabase.isPrivateFamily(name)}


def _canvas(store: Store) -> Page:
    return Page(
        tr("Canvas"),
        "grid",
        store,
        [
            check_row(
                store, "snap", tr("Snap to the grid"), tr("What is moved or added goes to the nearest line; Alt lets go of it.")
            ),
            number_row(
                store,
                "grid",
                tr("Grid"),
                tr("Distance of its lines, in pixels at actual size."),
                bounds=(LEAST_GRID, GREATEST_GRID, 5),
                unit=" px",
            ),
        ],
    )


def _running(store: Store, facts: Sequence[Fact]) -> Page:
    answers = {"ask": tr("Ask"), "run": tr("Let them run"), "stop": tr("Stop them")}
    meaning = tr(
        "What becomes of running flows. They can go on without the window; stopped, they go on from there another time."
    )
    return Page(
        tr("Running"),
        "run",
        store,
        [
            choice_row(store, "at_close", tr("When the window is closed"), meaning, answers),
            _machine_row(
                store,
                "packages",
                tr("Folder of packages"),
                tr("Environments are made of the wheels and packages of npm in this folder, and nothing else is asked."),
                tr("from the network"),
            ),
            _machine_row(
                store,
                "repositories",
                tr("Repositories allowed"),
                tr("Those that code may come from, with spaces between them; * stands for anything."),
                tr("any"),
            ),
            *_facts(facts),
        ],
    )


def _machine_row(store: Store, name: str, title: str, meaning: str, hint: str) -> Row:
    """A setting of this machine, which the command line and the engine read, too."""
    is_list = name == "repositories"

    def read() -> str:
        try:
            value = getattr(read_settings(), name)
        except UsageError:
            return ""  # whoever needs it says what is wrong with the file
        return (value if isinstance(value, str) else " ".join(value)) if value else ""

    def write(text: str) -> None:
        write_setting(name, (text.split() if is_list else text) if text else None)

    if is_overridden(name):
        meaning = f"{meaning} {tr('The variable {} of the environment says it.').format(f'PYFI_{name.upper()}')}"
    return entry_row(title, meaning, hint, read, None if is_overridden(name) else write, store.trouble_met.emit)


def _saving(store: Store, facts: Sequence[Fact]) -> Page:
    updates = check_row(
        store,
        "updates",
        tr("Look for a newer version"),
        tr("At each start, at the address updates_url of the settings of this machine; nothing is sent but the question."),
    )
    return Page(tr("Saving and places"), "save", store, [*_facts(facts), updates])


def _facts(facts: Sequence[Fact]) -> list:  # type: ignore[type-arg]
    return [fact_row(*fact) for fact in facts]
