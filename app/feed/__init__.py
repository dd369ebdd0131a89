"""What connects the desktop with the engine: its process, and the figures of its flows as they change."""
