"""ConflictBar, the choice between two edits of the same part: one's own, and one that was saved elsewhere first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.document.keeper import Keeper, Kept
from app.theme.style_sheet import set_look
from engine.errors import PyfiError


class ConflictBar(QFrame):
    """Shown while a keeper waits for the choice; nothing is lost before it is made, and edits can go on."""

    def __init__(self, keeper: Keeper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Conflict"))
        set_look(self, "card")
        self._words = QLabel()
        self._words.setWordWrap(True)
        self.mine = QPushButton(self.tr("Keep mine"))
        self.mine.setToolTip(self.tr("Save the flow as it is here; what was changed elsewhere stays in its history."))
        self.theirs = QPushButton(self.tr("Take theirs"))
        self.theirs.setToolTip(self.tr("Show the flow as it was saved elsewhere; undo brings back what is here."))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._words, 1)
        for button, choose in ((self.mine, keeper.keep_mine), (self.theirs, keeper.take_theirs)):
            button.clicked.connect(lambda _=False, choose=choose: self._on_chosen(choose))
            row.addWidget(button)
        self.hide()
        self._choosing: asyncio.Task[None] | None = None
        keeper.state_changed.connect(self._on_state_changed)

    def _on_state_changed(self, state: Kept, why: str) -> None:
        if state is Kept.CONFLICT:
            self._words.setText(self.tr("Not saved: {}. Which is to count?").format(why))
        self._let_choose(can_choose=True)
        self.setVisible(state is Kept.CONFLICT)

    def _on_chosen(self, choose: Callable[[], Awaitable[None]]) -> None:
        self._let_choose(can_choose=False)
        self._choosing = asyncio.ensure_future(self._carry_out(choose))

    async def _carry_out(self, choose: Callable[[], Awaitable[None]]) -> None:
        try:
            await choose()
        except PyfiError as error:
            self._words.setText(self.tr("{} Choose again.").format(error))
            self._let_choose(can_choose=True)

    def _let_choose(self, *, can_choose: bool) -> None:
        self.mine.setEnabled(can_choose)
        self.theirs.setEnabled(can_choose)
