"""Commands, what all actions of the window do."""

from __future__ import annotations

from app.window.command.arrange_commands import ArrangeCommands
from app.window.command.edit_commands import EditCommands
from app.window.command.file_commands import FileCommands
from app.window.command.help_commands import HelpCommands
from app.window.command.inspect_commands import InspectCommands
from app.window.command.part_commands import PartCommands
from app.window.command.queue_commands import QueueCommands
from app.window.command.run_commands import RunCommands
from app.window.command.source_commands import SourceCommands
from app.window.command.stored_commands import StoredCommands
from app.window.command.target_commands import TargetCommands
from app.window.command.view_commands import ViewCommands


class Commands(
    FileCommands,
    EditCommands,
    ViewCommands,
    RunCommands,
    QueueCommands,
    InspectCommands,
    PartCommands,
    ArrangeCommands,
    HelpCommands,
    StoredCommands,
    TargetCommands,
    SourceCommands,
):
    """Carries out every row of `ACTIONS`: the method that has its name."""
