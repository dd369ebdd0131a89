"""What a new part begins with."""

from __future__ import annotations

from engine.model.flow import CODE_TYPES, Position, Processor

_PYTHON = '''def process(content, ctx):
    """Called for every message: what it returns goes to `success`, an exception sends the message to `failure`."""
    return content
'''
_NODE = """// Called for every message: what it returns goes to `success`, an exception sends the message to `failure`.
module.exports = (content, ctx) => content
"""
_BASH = """# Gets the content on stdin; what it prints is the result. An exit status other than 0 is a failure.
cat
"""
_CODE = {"python": _PYTHON, "node": _NODE, "bash": _BASH}


def new_processor(type: str, position: Position) -> Processor:
    """A processor of a type with nothing set; code types begin with the least code that does something."""
    id = type.replace("_", "-")
    if type in CODE_TYPES:
        return Processor(id=id, type=type, code=_CODE[type], position=position)
    return Processor(id=id, type=type, position=position)
