"""Processors for text, as a team would keep them in a repository."""

import re


def words(line):
    """The words of a line, one message each."""
    for word in re.findall(r"[a-z]{4,}", line.lower()):
        yield word


def tally(word, ctx):
    """How often a word has come, kept across batches and restarts; every tenth time is told."""
    count = ctx.state.get(word, 0) + 1
    ctx.state[word] = count
    if count % 10 == 0:
        return {"word": word, "count": count}


__all__ = ["tally", "words"]
