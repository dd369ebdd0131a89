"""Every action of the window: its words, its key, its icon, and the menu it stands in.

The menus, the tool bar, the command palette and the page of keys in the manual are all made of this table.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP

_CONTEXT = "actions"


class ActionRow(NamedTuple):
    """`id` is also the name of the method that carries it out (`Commands.ID`); `text` is translated when it is shown."""

    id: str
    text: str
    key: str = ""
    icon: str = ""
    menu: str = ""
    """One of `MENUS` or `SUBMENUS`."""
    needs: str = ""
    """What must be there: a page, something selected, a step, a link, a subflow or an expanded one, a note among that."""


def _(text: str) -> str:
    return str(QT_TRANSLATE_NOOP(_CONTEXT, text))


SEPARATOR = ActionRow("", "")
MENUS = (
    ("file", _("&File")),
    ("edit", _("&Edit")),
    ("view", _("&View")),
    ("flow", _("F&low")),
    ("help", _("&Help")),
)
SUBMENUS = (
    ("target", "flow", _("Cl&uster")),
    ("messages", "flow", _("Messa&ges and Queues")),
    ("subflow", "flow", _("S&ubflow")),
    ("arrange", "flow", _("A&rrange")),
)
"""What many actions of a menu are gathered in, at its end: its name, the menu, its title."""

ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("new_flow", _("&New Flow"), "Ctrl+N", "new", "file"),
    ActionRow("open_file", _("&Open File …"), "Ctrl+O", "folder", "file"),
    ActionRow("open_stored", _("Open &Stored Flow …"), "Ctrl+Shift+O", "library", "file"),
    ActionRow("show_welcome", _("&Welcome Page"), "", "welcome", "file"),
    ActionRow("save_file", _("&Save to File"), "Ctrl+S", "save", "file", "page"),
    ActionRow("save_file_as", _("Save to File &As …"), "Ctrl+Shift+S", "export", "file", "page"),
    ActionRow("close_flow", _("&Close Flow"), "Ctrl+W", "close", "file", "page"),
    ActionRow("show_settings", _("Se&ttings …"), "Ctrl+,", "settings", "file"),
    ActionRow("quit", _("&Quit"), "Ctrl+Q", "", "file"),
    ActionRow("cut", _("Cu&t"), "Ctrl+X", "cut", "edit", "selection"),
    ActionRow("copy", _("&Copy"), "Ctrl+C", "copy", "edit", "selection"),
    ActionRow("paste", _("&Paste"), "Ctrl+V", "paste", "edit", "page"),
    ActionRow("duplicate", _("&Duplicate"), "Ctrl+D", "duplicate", "edit", "selection"),
    ActionRow("delete", _("De&lete"), "Del", "trash", "edit", "selection"),
    ActionRow("delete_and_heal", _("Delete and &Reconnect"), "Shift+Del", "unlink", "edit", "selection"),
    ActionRow("select_all", _("Select &All"), "Ctrl+A", "", "edit", "page"),
    ActionRow("select_upstream", _("Select &Upstream"), "Shift+Left", "left", "edit", "selection"),
    ActionRow("select_downstream", _("Select Do&wnstream"), "Shift+Right", "right", "edit", "selection"),
    ActionRow("add_part", _("Add a Par&t …"), "", "plus", "edit", "page"),
    ActionRow("draw_connection", _("Co&nnect …"), "Ctrl+K", "connection", "edit", "step"),
    ActionRow("rename", _("Rena&me …"), "F2", "edit", "edit", "selection"),
    ActionRow("write_note", _("&Write in Place"), "", "label", "edit", "note"),
    ActionRow("set_color", _("C&olour …"), "", "color", "edit", "selection"),
    ActionRow("open_menu", _("Open Conte&xt Menu"), "Shift+F10", "menu", "edit"),
    ActionRow("zoom_in", _("Zoom &In"), "Ctrl++", "zoom_in", "view", "page"),
    ActionRow("zoom_out", _("Zoom &Out"), "Ctrl+-", "zoom_out", "view", "page"),
    ActionRow("fit", _("&Fit Everything"), "Ctrl+0", "fit", "view", "page"),
    ActionRow("centre_in_view", _("&Centre in View"), "Ctrl+.", "fit", "view", "selection"),
    ActionRow("fit_selection", _("Fit &Selection"), "Ctrl+Shift+0", "search", "view", "selection"),
    ActionRow("actual_size", _("&Actual Size"), "Ctrl+1", "actual_size", "view", "page"),
    ActionRow("go_back", _("Go &Back"), "Alt+Left", "chevron_left", "view", "page"),
    ActionRow("go_forward", _("Go &Forward"), "Alt+Right", "chevron_right", "view", "page"),
    ActionRow("enter_subflow", _("&Enter Subflow"), "", "enter", "view", "subflow"),
    ActionRow("leave_subflow", _("&Leave Subflow"), "Alt+Up", "leave", "view", "page"),
    ActionRow("next_place", _("&Next Panel"), "F6", "", "view"),
    ActionRow("previous_place", _("Previo&us Panel"), "Shift+F6", "", "view"),
    ActionRow("find", _("Search E&verything …"), "Ctrl+F", "search", "view", "page"),
    ActionRow("show_commands", _("&Command Palette …"), "Ctrl+Shift+P", "command", "view"),
    ActionRow("switch_theme", _("Switch &Theme"), "Ctrl+Shift+T", "moon", "view"),
    ActionRow("run", _("&Run"), "F5", "run", "flow", "page"),
    ActionRow("stop", _("&Stop"), "Shift+F5", "stop", "flow", "page"),
    ActionRow("pause", _("&Pause"), "Ctrl+F5", "pause", "flow", "page"),
    ActionRow("resume", _("&Resume"), "Ctrl+Shift+F5", "run", "flow", "page"),
    ActionRow("start_deployed", _("&Start What Is Deployed"), "", "run", "target", "page"),
    ActionRow("scale", _("S&cale …"), "", "cluster", "target", "step"),
    ActionRow("undeploy", _("&Undeploy …"), "", "trash", "target", "page"),
    ActionRow("show_targets", _("&Targets …"), "", "settings", "target"),
    ActionRow("start_selected", _("Start &Selected"), "F7", "run", "flow", "selection"),
    ActionRow("stop_selected", _("Sto&p Selected"), "Shift+F7", "stop", "flow", "selection"),
    ActionRow("run_once", _("Run &Once"), "Ctrl+F7", "run_once", "flow", "selection"),
    ActionRow("terminate", _("&Terminate"), "Ctrl+Shift+F7", "close", "flow", "step"),
    ActionRow("replay_last", _("Replay Last Messa&ge"), "", "replay", "messages", "step"),
    ActionRow("configure", _("Con&figure …"), "Ctrl+E", "settings", "flow", "selection"),
    ActionRow("configure_flow", _("Flow Settin&gs …"), "Ctrl+Alt+E", "settings", "flow", "page"),
    ActionRow("edit_code", _("Edit Co&de"), "Ctrl+Shift+E", "code", "flow", "step"),
    ActionRow("debug_step", _("De&bug in the Flow"), "Shift+F9", "step", "flow", "step"),
    ActionRow("choose_code", _("Code from &Git …"), "", "git", "flow", "step"),
    ActionRow("show_flow_git", _("Flow in G&it …"), "", "git", "flow", "page"),
    ActionRow("show_environments", _("En&vironments …"), "", "python", "flow"),
    ActionRow("release_one", _("Release One &Message"), "F10", "step", "messages", "link"),
    ActionRow("release_some", _("Release Some Messages …"), "Ctrl+Shift+F10", "step", "messages", "link"),
    ActionRow("release_all", _("Release &All Messages"), "Ctrl+F10", "run", "messages", "link"),
    ActionRow("list_queue", _("List &Queue …"), "Ctrl+Return", "queue", "messages", "link"),
    ActionRow("show_history", _("Status &History"), "Ctrl+Shift+H", "chart", "flow", "page"),
    ActionRow("empty_queue", _("Empty Queue …"), "", "trash", "messages", "link"),
    ActionRow("empty_all_queues", _("Empty All Queues …"), "", "trash", "messages", "page"),
    ActionRow("view_lineage", _("View Data Provenance …"), "Ctrl+Shift+L", "history", "messages", "step"),
    ActionRow("view_state", _("View State …"), "", "database", "flow", "step"),
    ActionRow("clear_bulletins", _("Clear Bulletins"), "", "bulletin", "flow", "page"),
    ActionRow("list_dead_letters", _("List Dead Le&tters …"), "", "message", "messages", "step"),
    ActionRow("go_to_source", _("Go to Sour&ce"), "Ctrl+[", "left", "flow", "link"),
    ActionRow("go_to_destination", _("Go to Dest&ination"), "Ctrl+]", "right", "flow", "link"),
    ActionRow("enable", _("&Enable"), "", "enable", "flow", "selection"),
    ActionRow("disable", _("&Disable"), "", "disable", "flow", "selection"),
    ActionRow("wrap", _("&Wrap into Subflow …"), "Ctrl+G", "subflow", "subflow", "selection"),
    ActionRow("move_to_parent", _("Move to Parent &Group"), "Ctrl+Alt+Up", "leave", "subflow", "selection"),
    ActionRow("save_subflow_file", _("Download Flow Definit&ion …"), "", "export", "subflow", "step"),
    ActionRow("save_pattern", _("Save as Pa&ttern …"), "Ctrl+Alt+P", "library", "subflow", "step"),
    ActionRow("unwrap", _("Dissol&ve Subflow"), "Ctrl+Shift+G", "unlink", "subflow", "selection"),
    ActionRow("expand", _("E&xpand in Place"), "Alt+Down", "expand", "subflow", "subflow"),
    ActionRow("collapse", _("Colla&pse"), "Alt+Shift+Up", "collapse", "subflow", "frame"),
    ActionRow("arrange", _("&Lay Out"), "Ctrl+L", "layout", "arrange", "page"),
    ActionRow("bring_to_front", _("Bring to Front"), "Ctrl+Shift+PgUp", "to_front", "arrange", "selection"),
    ActionRow("send_to_back", _("Send to Back"), "Ctrl+Shift+PgDown", "to_back", "arrange", "selection"),
    ActionRow("align_left", _("Align Left"), "", "align_left", "arrange", "selection"),
    ActionRow("align_centre", _("Align Centres"), "", "align_center", "arrange", "selection"),
    ActionRow("align_right", _("Align Right"), "", "align_right", "arrange", "selection"),
    ActionRow("align_top", _("Align Top"), "", "align_top", "arrange", "selection"),
    ActionRow("align_middle", _("Align Middles"), "", "align_middle", "arrange", "selection"),
    ActionRow("align_bottom", _("Align Bottom"), "", "align_bottom", "arrange", "selection"),
    ActionRow("distribute_across", _("Distribute Horizontally"), "", "distribute_horizontal", "arrange", "selection"),
    ActionRow("distribute_down", _("Distribute Vertically"), "", "distribute_vertical", "arrange", "selection"),
    ActionRow("show_help", _("&Help on What Is Chosen"), "F1", "help", "help"),
    ActionRow("view_documentation", _("View &Documentation"), "", "library", "help", "selection"),
    ActionRow("show_manual", _("&Manual"), "", "library", "help"),
    ActionRow("explain_focused", _("What's &This?"), "Shift+F1", "", "help"),
    ActionRow("explain_clicked", _("&Explain What I Click"), "", "", "help"),
    ActionRow("show_shortcuts", _("&Keyboard Shortcuts …"), "Ctrl+Alt+K", "keyboard", "help"),
    ActionRow("show_log_folder", _("Show &Log Folder"), "", "folder", "help"),
    ActionRow("report_problem", _("Report a &Problem …"), "", "problem", "help"),
    ActionRow("about", _("&About PYFI"), "", "information", "help"),
)


def rows_below(menu: str) -> list[ActionRow]:
    """The actions of a menu, those in its submenus included."""
    names = {menu, *(name for name, above, _ in SUBMENUS if above == menu)}
    return [row for row in ACTIONS if row.menu in names]
