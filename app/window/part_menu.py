"""PartMenu, what a right click on the canvas offers, and what the buttons over a card do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF
from PySide6.QtWidgets import QMenu

from app.page.flow_page import FlowPage
from engine.model.flow import Subflow

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

GROUND_MENU = (
    "add_part",
    "paste",
    "",
    "select_all",
    "arrange",
    "fit",
    "",
    "show_history",
    "empty_all_queues",
    "clear_bulletins",
    "",
    "leave_subflow",
)
LINK_MENU = (
    "configure",
    "list_queue",
    "empty_queue",
    "show_history",
    "",
    "release_one",
    "release_some",
    "release_all",
    "",
    "go_to_source",
    "go_to_destination",
    "",
    "set_color",
    "bring_to_front",
    "send_to_back",
    "centre_in_view",
    "fit_selection",
    "view_documentation",
    "",
    "delete",
)
CARD_MENU = (
    "configure",
    "edit_code",
    "debug_step",
    "",
    "start_selected",
    "stop_selected",
    "run_once",
    "terminate",
    "scale",
    "",
    "view_lineage",
    "replay_last",
    "view_state",
    "list_dead_letters",
    "show_history",
    "empty_all_queues",
    "clear_bulletins",
    "view_documentation",
    "",
    "enable",
    "disable",
    "",
    "rename",
    "set_color",
    "wrap",
    "unwrap",
    "expand",
    "collapse",
    "move_to_parent",
    "save_pattern",
    "save_subflow_file",
    "",
    "bring_to_front",
    "send_to_back",
    "centre_in_view",
    "select_upstream",
    "select_downstream",
    "",
    "cut",
    "copy",
    "duplicate",
    "delete",
    "delete_and_heal",
)
"""Ids of actions; an empty one is a line between groups."""

_OF_SUBFLOWS = ("unwrap", "expand", "collapse", "save_subflow_file", "empty_all_queues")
_OF_PROCESSORS = ("edit_code", "debug_step", "scale", "replay_last", "view_state", "list_dead_letters")


class PartMenu(QObject):
    """Follows the pages of a window: their parts have menus and buttons."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def follow(self, page: FlowPage) -> None:
        """Answer what is asked of a page's parts."""
        page.viewer.menu_asked.connect(self._on_menu_asked)
        page.viewer.button_pressed.connect(lambda key, name: self._on_button_pressed(page, key, name))

    def _on_menu_asked(self, key: str, at: QPoint, spot: QPointF) -> None:
        if self._window.page is None:
            return
        menu = QMenu(self._window)
        for id in self._ids(key):
            if id:
                menu.addAction(self._window.actions_by_id[id])
            else:
                menu.addSeparator()
        menu.popup(at)

    def _ids(self, key: str) -> tuple[str, ...]:
        """The menu of a part, without what its kind has not; an empty key is the ground."""
        if not key:
            return GROUND_MENU
        if "->" in key:
            return LINK_MENU
        page = self._window.page
        step = page.board.level.steps.get(key) if page is not None else None
        is_inside = page is not None and page.board.scope.parent is not None
        foreign = _OF_PROCESSORS if isinstance(step, Subflow) else _OF_SUBFLOWS if step is not None else ()
        return tuple(id for id in CARD_MENU if id not in foreign and (is_inside or id != "move_to_parent"))

    def _on_button_pressed(self, page: FlowPage, key: str, name: str) -> None:
        """A button over a card."""
        window = self._window
        page.viewer.select([key])
        match name:
            case "run":
                window.commands.start_selected()
            case "stop":
                window.commands.stop_selected()
            case "enter":
                page.board.enter(key)
            case "expand" | "collapse":
                page.editing.expand(expanded=name == "expand")
            case "code":
                page.part_opened.emit(key)
            case "chart":
                window.sides.chart_beside(page, key)
            case _:
                window.sides.configure(page, [key])
