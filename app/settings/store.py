"""Store, where the choices of the user are kept: one file of the configuration folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import platformdirs
from msgspec import structs
from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QKeySequence

from app.settings.settings import DEFAULT, NAMES, Settings, read_value

_LINE = re.compile(r"\[[^\[\]]+\]|[;#].*|[^=\x00]+=[^\x00]*")
_PORTABLE = QKeySequence.SequenceFormat.PortableText


def settings_file() -> Path:
    """The file of this user; `XDG_CONFIG_HOME` is honoured."""
    return Path(platformdirs.user_config_dir("pyfi", appauthor=False)) / "desktop.ini"


class Store(QObject):
    """The settings in use, and the keys that somebody gave to actions; a `path` of None keeps nothing.

    A file that cannot be read is put aside under another name, and `remark` says so.
    """

    changed = Signal(object, object)
    """The `Settings` that hold now, and those before."""
    trouble_met = Signal(str)
    """A choice could not be kept, with the reason and the cure."""

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.remark = ""
        """What the user should know about the file; empty: nothing."""
        self._file: QSettings | None = None
        self._settings = DEFAULT
        self._chosen: set[str] = set()
        self._has_complained = False
        self.theme_for_now = ""
        """The name of a theme that goes before the chosen one until another is chosen."""
        self.keys: dict[str, list[QKeySequence]] = {}
        """What was chosen in place of the usual keys, by action; an empty list: no key."""
        if path is not None:
            self._read(path)

    @property
    def settings(self) -> Settings:
        """What holds now."""
        return self._settings

    def is_chosen(self, name: str) -> bool:
        """Whether the user chose a setting, rather than leave it as it was."""
        return name in self._chosen

    def change(self, **values: Any) -> None:
        """Choose, at once and for the next time."""
        self._chosen |= values.keys()
        if "theme" in values:
            self.theme_for_now = ""
        self._hold(structs.replace(self._settings, **values))
        for name, value in values.items():
            self._write(f"settings/{name}", value)
        self._finish()

    def reset(self, names: Iterable[str] = NAMES) -> None:
        """Take choices back."""
        names = list(names)
        self._chosen -= set(names)
        if "theme" in names:
            self.theme_for_now = ""
        self._hold(structs.replace(self._settings, **{name: getattr(DEFAULT, name) for name in names}))
        for name in names:
            self._write(f"settings/{name}", None)
        self._finish()

    def _hold(self, settings: Settings) -> None:
        before, self._settings = self._settings, settings
        self.changed.emit(settings, before)

    def set_keys(self, id: str, keys: list[QKeySequence] | None) -> None:
        """Give an action other keys; None: the usual ones."""
        if keys is None:
            self.keys.pop(id, None)
        else:
            self.keys[id] = keys
        self._write(f"keys/{id}", None if keys is None else QKeySequence.listToString(keys, _PORTABLE))
        self._finish()

    # -- the file

    def _read(self, path: Path) -> None:
        file = self._opened(path)
        chosen: dict[str, Any] = {}
        for name in NAMES:
            if file.contains(f"settings/{name}"):
                try:
                    chosen[name] = read_value(name, file.value(f"settings/{name}"))
                except msgspec.ValidationError:
                    self.remark = self.tr(
                        "{}: '{}' is not right and was left as usual; choose it again in the settings."
                    ).format(path, name)
                    file.remove(f"settings/{name}")
        self._settings = structs.replace(DEFAULT, **chosen)
        self._chosen = set(chosen)
        file.beginGroup("keys")
        ids = file.childKeys()
        file.endGroup()
        for id in ids:
            read = QKeySequence.listFromString(str(file.value(f"keys/{id}") or ""), _PORTABLE)
            self.keys[id] = [key for key in read if not key.isEmpty()]
        self._file = file

    def _opened(self, path: Path) -> QSettings:
        if _is_readable(path):
            return QSettings(str(path), QSettings.Format.IniFormat)
        aside = _free(path)
        try:
            path.replace(aside)
        except OSError as error:
            self.remark = self.tr("{} cannot be read as settings, nor put aside ({}); delete it to choose again.").format(
                path, error.strerror
            )
        else:
            self.remark = self.tr("The settings could not be read and are as at first; the file is kept as {}.").format(aside)
        return QSettings(str(path), QSettings.Format.IniFormat)

    def _write(self, key: str, value: object) -> None:
        if self._file is None:
            return
        if value is None:
            self._file.remove(key)
        else:
            self._file.setValue(key, value)

    def _finish(self) -> None:
        """To the disk; a disk that refuses is told of once."""
        if self._file is None:
            return
        self._file.sync()
        refused = self._file.status() == QSettings.Status.AccessError
        if refused and not self._has_complained:
            self.trouble_met.emit(
                self.tr("The settings hold until you quit: {} cannot be written; check its permissions and the disk.").format(
                    self.path
                )
            )
        self._has_complained = refused


def _is_readable(path: Path) -> bool:
    """Whether a file is as QSettings writes them. It would take almost anything for settings, and write over the rest."""
    try:
        lines = path.read_bytes().decode().splitlines()
    except UnicodeDecodeError:
        return False
    except OSError:  # none there, or none that could be written, which is told when something is to be kept
        return True
    return all(not line or _LINE.fullmatch(line) for line in lines)


def _free(path: Path) -> Path:
    """A name beside a file that is not taken."""
    number = 1
    while (aside := path.with_name(f"{path.name}.broken{number if number > 1 else ''}")).exists():
        number += 1
    return aside
