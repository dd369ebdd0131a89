"""What Shift+F1 says about actions and panels, in a sentence or two each. Form fields say their own."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

_CONTEXT = "whats this"


def _(text: str) -> str:
    return str(QT_TRANSLATE_NOOP(_CONTEXT, text))


ACTION_WORDS = {
    "new_flow": _("Makes an empty flow and shows it. It is saved in the flow database from the start."),
    "open_file": _("Opens a flow file (YAML or JSON). The flow goes on living in the database; Save to File writes the file."),
    "open_stored": _("Opens one of the flows in the flow database."),
    "show_welcome": _("Shows the first page: examples, the flows you opened last, and a new one. Open flows stay open."),
    "save_file": _("Writes the flow to its file. In the database it is saved by itself, after every edit."),
    "save_file_as": _("Writes the flow to another file, which is its file from then on."),
    "close_flow": _("Closes the flow in front. It stays in the database, and goes on running if it runs."),
    "show_settings": _("Opens the settings: looks, language, grid, keys, what becomes of running flows at the end."),
    "quit": _("Closes the desktop. If flows run, you are asked whether they go on."),
    "undo": _("Takes the last edit back: layout, settings and code alike. Every flow has a history of its own."),
    "redo": _("Makes the edit again that was taken back last."),
    "cut": _("Puts the selected parts on the clipboard and takes them out of the flow."),
    "copy": _("Puts the selected parts on the clipboard, for this or another flow; other programs get them as YAML."),
    "paste": _("Puts the parts on the clipboard where the pointer is, or into the middle."),
    "duplicate": _("Makes a second copy of the selected parts beside them."),
    "delete": _("Takes the selected parts out, with the connections that lose an end."),
    "delete_and_heal": _("Takes the selected steps out and joins what was before them to what was behind them."),
    "select_all": _("Selects everything on this level of the flow."),
    "select_upstream": _("Selects everything that leads to the selected steps."),
    "select_downstream": _("Selects everything that the selected steps lead to."),
    "add_part": _(
        "Searches for a processor, subflow, port or label and puts it on the canvas. Tab on the canvas does the same."
    ),
    "draw_connection": _(
        "Begins a connection at the selected step: Tab or the arrows choose where it leads, Return joins, Esc does not."
    ),
    "rename": _("Gives the selected step another name. Its id, which connections and counters go by, stays."),
    "write_note": _("Opens the text of the selected note where it lies. Return or a double click on the note does the same."),
    "set_color": _("Gives the selected cards, connections or labels a colour."),
    "open_menu": _("Opens the menu of whatever has the keyboard: the selected part, a row of a list."),
    "zoom_in": _("Makes everything on the canvas larger."),
    "zoom_out": _("Makes everything on the canvas smaller."),
    "fit": _("Shows the whole level, never larger than its actual size."),
    "fit_selection": _("Shows what is selected, as large as it fits."),
    "actual_size": _("Shows cards in their actual size."),
    "go_back": _("Goes back to the level that was shown before; in code, to where the cursor was before a jump."),
    "go_forward": _("Goes forward again among the levels that were shown, or the places in code."),
    "enter_subflow": _("Shows what is inside the selected subflow. A double click on it does the same."),
    "leave_subflow": _("Goes one level up, out of the subflow that is shown."),
    "next_place": _("Gives the keyboard to the next of: the canvas, the tool bars, the panels that are seen, the flows' tabs."),
    "previous_place": _("Gives the keyboard to the one before of: the canvas, the tool bars, the panels, the flows' tabs."),
    "find": _("Finds parts of the flow on all levels by their names, types, settings, code, or by how they are."),
    "show_commands": _("Finds any action by its words and carries it out."),
    "switch_theme": _("Changes between the dark and the light theme."),
    "run": _("Runs the flow as it is drawn. Edits of a running flow take effect at once; nothing that waits is lost."),
    "stop": _("Stops the flow. What waits in its queues stays, and the flow goes on from there when it is run again."),
    "pause": _("Has the flow begin nothing more for a while, with everything kept ready: it goes on at once."),
    "resume": _("Has a flow that is paused go on."),
    "start_deployed": _("Starts what is deployed on the target as it is there, without what was drawn since."),
    "scale": _("Asks how many workers of the cluster are to run the selected processor, with what is fused to it."),
    "undeploy": _("Takes the deployment away from its target with all that it holds, after a question. The flow stays here."),
    "show_targets": _("Names the clusters that flows can be deployed to, and tests whether their servers answer."),
    "start_selected": _("Starts the selected steps alone; the rest of the flow stays as it is."),
    "stop_selected": _("Stops the selected steps alone. What comes to them waits in their queues."),
    "debug_step": _("Stops real messages at the breakpoints of the selected processor, while the rest of the flow goes on."),
    "run_once": _("Has each selected processor do one task, though it is stopped."),
    "terminate": _(
        "Stops the selected steps and ends what they are at, at once. The messages go back to their queues: nothing is lost."
    ),
    "replay_last": _("Has each selected processor work once more on the last message that it took, as a copy."),
    "release_some": _("Asks for a number and lets so many of the messages go that the selected breakpoint holds."),
    "empty_queue": _("Deletes the messages that wait in the selected connections, after a question. They are gone for good."),
    "empty_all_queues": _(
        "Deletes what waits in all connections inside the selected subflows, or in the whole flow, after a question."
    ),
    "view_lineage": _(
        "Lists what came to the selected processor and left it, and draws where a message came from and what became of it."
    ),
    "view_state": _("Shows what the selected processor keeps from task to task, and lets it forget that."),
    "clear_bulletins": _("Takes the warnings and errors off the selected cards, or off all of them. The log keeps them."),
    "configure": _("Opens the settings of what is selected in a dialog, whose OK makes one step of the history."),
    "configure_flow": _("Opens the settings of the flow or subflow that is shown: its notes, ports, packages and parameters."),
    "edit_code": _("Opens the code of the selected processor beside the canvas."),
    "choose_code": _(
        "Takes the code of the selected processor from a git repository, chosen from lists, and shows what is new there."
    ),
    "show_flow_git": _(
        "Compares the flow with a commit of its file, on the canvas too; commits it; settles conflicts of a merge."
    ),
    "show_environments": _("Lists the environments that code runs in, makes those that the flow needs, and takes others away."),
    "release_one": _("Lets one message go that the breakpoint on the selected connection holds."),
    "release_all": _("Lets all messages go that the breakpoint on the selected connection holds."),
    "list_queue": _("Lists what waits in the selected connection, with the content of each message."),
    "show_history": _("Shows over time what the selected parts did, or the whole flow if nothing is selected."),
    "list_dead_letters": _("Lists the messages that failed for good in the selected processor."),
    "go_to_source": _("Selects the step that the selected connection comes from."),
    "go_to_destination": _("Selects the step that the selected connection leads to."),
    "enable": _("Lets the selected steps take part in runs again."),
    "disable": _("Leaves the selected steps out of runs. What comes to them waits."),
    "wrap": _("Makes a subflow of the selected steps, with ports where connections are cut."),
    "move_to_parent": _("Moves the selected parts out of this subflow to the level above, connected as they were."),
    "save_subflow_file": _("Writes the selected subflow, with all that it needs, to a flow file of its own."),
    "centre_in_view": _("Brings what is selected to the middle, at the scale there is."),
    "unwrap": _("Puts what is inside the selected subflow in its place."),
    "expand": _("Draws the selected subflows as frames with what is inside, where they are; what is around makes room."),
    "collapse": _("Makes cards of the selected frames again, or of the one in which you work."),
    "save_pattern": _("Keeps the selected parts, or a subflow, as a pattern in the library, to be used again in any flow."),
    "arrange": _("Lays the selected steps out, or the whole level, so that connections run from left to right."),
    "bring_to_front": _("Puts the selected cards over all others, selected connections over all other connections."),
    "send_to_back": _("Puts the selected cards below all others, selected connections below all other connections."),
    "align_left": _("Puts the selected cards in line with the leftmost."),
    "align_centre": _("Puts the middles of the selected cards below each other."),
    "align_right": _("Puts the selected cards in line with the rightmost."),
    "align_top": _("Puts the selected cards in line with the uppermost."),
    "align_middle": _("Puts the middles of the selected cards side by side."),
    "align_bottom": _("Puts the selected cards in line with the lowest."),
    "distribute_across": _("Leaves equal gaps between the selected cards, from left to right."),
    "distribute_down": _("Leaves equal gaps between the selected cards, from top to bottom."),
    "show_help": _("Opens the manual where it is about whatever has the keyboard: a field, a panel, the selected card."),
    "view_documentation": _("Opens the manual's page about the type of the selected part."),
    "show_manual": _("Opens the manual at its first page, with contents and search."),
    "explain_focused": _("Says in a word what the thing with the keyboard is for."),
    "explain_clicked": _("The next click says in a word what the thing under the pointer is for."),
    "show_shortcuts": _("Lists the keys of every action and gesture, and gives them to other ones."),
    "show_log_folder": _("Shows the folder with PYFI's own log and the reports of its problems."),
    "report_problem": _("Makes a report of how PYFI stands, to copy or to save. It is sent nowhere."),
    "about": _("Says which PYFI this is."),
}

PANEL_WORDS = {
    "canvas": _(
        "The flow: cards are processors and subflows, arrows are connections with their queues. Double-click or Tab "
        "adds a part, dragging from port to port connects, a double click configures. Arrow keys go from card to card."
    ),
    "welcome": _("Examples to begin with, the flows you opened last, and a new one."),
    "tabs": _("The open flows. A click brings one to the front; each has a history of its own."),
    "strip": _("What waits and what runs in the flow in front, what is wrong in it, and whether your last edit is saved."),
    "target": _("Where the flow runs: on this machine, or on a cluster that flows are deployed to. Its figures are shown."),
    "components": _("Parts to drag onto the canvas. A click puts one into the middle."),
    "palette": _(
        "Everything that can be added to the flow, by what it is for: drag it to its place, or Return for the middle."
    ),
    "outline": _("The flow as a tree, with all that is inside its subflows. What is selected here is shown on the canvas."),
    "minimap": _("The level as a whole. Drag the frame to look elsewhere, turn the wheel to zoom."),
    "flows": _("All flows of the database: Return or a double click opens one, its menu duplicates and deletes."),
    "library": _("Patterns, which are parts to be used again: drag one to the canvas, with Shift its parts one by one."),
    "operate": _("Starts, stops, enables and deletes what is selected; with nothing selected, starts and stops the flow."),
    "problems": _("What keeps the flow from running. A click goes to the part and the setting."),
    "log": _("What the steps say, the last 5,000 lines. A step's name leads to the step."),
    "inspector": _("Shows whatever is selected and changes it: settings, ports, notes, and all of it as YAML."),
    "code": _("The code of the selected processor, checked while you type. Ctrl+Enter tries it on a sample."),
    "charts": _(
        "What the selected parts, or the whole flow, did over time. Tick what is drawn; the wheel zooms, dragging pans."
    ),
    "nodes": _("The machines of the target: what each has to do, its labels, and who takes no work. For clusters only."),
    "results": _("What the sinks of the flow have written: the files, and their first lines."),
}


def explain_actions(actions: Mapping[str, QAction]) -> None:
    """Give actions their words, with the key that does the same."""
    for id, action in actions.items():
        words = ACTION_WORDS.get(id) or PANEL_WORDS.get(id.removeprefix("show_"))
        if words:
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            text = QCoreApplication.translate(_CONTEXT, words)
            action.setWhatsThis(f"<b>{key}</b><p>{text}</p>" if key else text)


def explain_panel(widget: QWidget, id: str) -> None:
    """Give a panel its words."""
    if id in PANEL_WORDS:
        widget.setWhatsThis(QCoreApplication.translate(_CONTEXT, PANEL_WORDS[id]))
