"""Running flows from the window: the engine, what it is asked for, and its figures on the canvas."""
