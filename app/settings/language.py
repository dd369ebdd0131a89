"""The languages that the desktop can speak: one file `resources/translations/pyfi_CODE.qm` each, beside English."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from engine.resource import resource_path

ENGLISH = "en"
_PREFIX = "pyfi_"


@cache
def languages() -> dict[str, str]:
    """Their own names by code."""
    codes = sorted(path.stem.removeprefix(_PREFIX) for path in resource_path("translations").glob(f"{_PREFIX}*.qm"))
    names = {code: QLocale(code).nativeLanguageName() or code for code in codes}
    return {ENGLISH: "English"} | {code: name[:1].upper() + name[1:] for code, name in names.items()}


def chosen_language(code: str) -> str:
    """The language to speak: the chosen one; for an empty code the first of the system's that there is, or English."""
    there = languages()
    if code in there:
        return code
    wanted = QLocale.system().uiLanguages() if not code else []
    return next((short for name in wanted if (short := name.replace("_", "-").partition("-")[0]) in there), ENGLISH)


def speak(application: QCoreApplication, code: str) -> str:
    """Have the application speak a language (empty: the system's) from now on; returns which. Call it before any window."""
    spoken = chosen_language(code)
    if spoken != ENGLISH:
        for name, folder in (
            (f"{_PREFIX}{spoken}", str(resource_path("translations"))),
            (f"qtbase_{spoken}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        ):
            translator = QTranslator(application)
            if translator.load(name, folder):
                application.installTranslator(translator)
    return spoken
