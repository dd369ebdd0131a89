"""What happens when the program itself goes wrong: a log, a report, a dialog, and never a lost edit."""
