"""PartMenu, what a right click on the canvas offers, and what the buttons over a card do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu

from app.board.picture import FUNNEL
from app.page.flow_page import FlowPage
from app.theme.icon import icon
from engine.model.flow import CODE_TYPES, Processor, Subflow

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
    "configure_flow",
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
NOTE_MENU = (
    "write_note",
    "configure",
    "set_color",
    "",
    "centre_in_view",
    "move_to_parent",
    "",
    "cut",
    "copy",
    "duplicate",
    "delete",
)
PORT_MENU = (
    "configure_flow",
    "draw_connection",
    "",
    "centre_in_view",
    "select_upstream",
    "select_downstream",
    "",
    "leave_subflow",
)
"""Of the ports of the subflow that one is in."""
MANY_MENU = (
    "configure",
    "",
    "start_selected",
    "stop_selected",
    "run_once",
    "",
    "show_history",
    "clear_bulletins",
    "",
    "enable",
    "disable",
    "",
    "set_color",
    "wrap",
    "move_to_parent",
    "save_pattern",
    "",
    "arrange",
    "align",
    "bring_to_front",
    "send_to_back",
    "centre_in_view",
    "fit_selection",
    "",
    "cut",
    "copy",
    "duplicate",
    "delete",
    "delete_and_heal",
)
"""Of several parts; `align` stands for a menu of its own."""
ALIGN_MENU = (
    "align_left",
    "align_centre",
    "align_right",
    "",
    "align_top",
    "align_middle",
    "align_bottom",
    "",
    "distribute_across",
    "distribute_down",
)
CARD_MENU = (
    "enter_subflow",
    "configure",
    "edit_code",
    "debug_step",
    "choose_code",
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

_OF_SUBFLOWS = ("enter_subflow", "unwrap", "expand", "collapse", "save_subflow_file", "empty_all_queues")
_OF_CODE = ("edit_code", "debug_step", "choose_code")
_OF_PROCESSORS = (*_OF_CODE, "scale", "replay_last", "view_state", "list_dead_letters")


def _foreign(step: Processor | Subflow) -> Sequence[str]:
    """What the kind of a step has not."""
    if isinstance(step, Subflow):
        return _OF_PROCESSORS
    if step.type == FUNNEL:
        return (*_OF_SUBFLOWS, *_OF_CODE, "view_state")
    return _OF_SUBFLOWS if step.type in CODE_TYPES else (*_OF_SUBFLOWS, *_OF_CODE)


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
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, self._ids(self._window.page, key))
        menu.popup(at)

    def _fill(self, menu: QMenu, ids: Sequence[str]) -> None:
        for id in ids:
            if id == "align":
                below = menu.addMenu(icon("align_left"), self.tr("Align"))
                self._fill(below, ALIGN_MENU)
            elif id:
                menu.addAction(self._window.actions_by_id[id])
            else:
                menu.addSeparator()

    @staticmethod
    def _ids(page: FlowPage, key: str) -> list[str]:
        """The menu of a part, or of all that is selected with it; an empty key is the ground."""
        is_inside = page.board.scope.parent is not None
        step = page.board.level.steps.get(key)
        foreign: Sequence[str] = ()
        if not key:
            menu = GROUND_MENU
        elif len(page.viewer.selected_keys()) > 1:
            menu = MANY_MENU
        elif "->" in key:
            menu = LINK_MENU
        elif key.startswith("label:"):
            menu = NOTE_MENU
        elif step is None:
            menu = PORT_MENU
        else:
            menu, foreign = CARD_MENU, _foreign(step)
        return [id for id in menu if id not in foreign and (is_inside or id not in ("move_to_parent", "leave_subflow"))]

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
