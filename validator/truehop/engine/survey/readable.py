"""Whether a document can be read, without building what it holds."""

from __future__ import annotations

import re

import yaml

#: What only the loader can judge: aliases, tags, directives, collections as keys, other breaks.
_INVOLVED = re.compile(r"[&*!?%\t\r]|<<|[\]}]\s*:|^\.\.\.", re.MULTILINE)
#: A document of more letters, brackets or blanks in a row than this is left to the loader and its limits.
_LETTERS, _BRACKETS, _DEPTH = 100_000, 100, 150


def reads_simply(text: str) -> bool:
    """Whether a document is certainly one that the loader reads without a word.

    The parser in C looks at the grammar alone, at a fraction of the loader's cost. False says
    nothing: the loader then has to tell.
    """
    if len(text) > _LETTERS or not text.isascii() or _INVOLVED.search(text):
        return False
    if text.count("[") + text.count("{") > _BRACKETS or " " * _DEPTH in text:
        return False
    try:
        parser = yaml.CBaseLoader(text)
        parser.raw_parse()
    except (AttributeError, yaml.YAMLError):  # no parser in C, or no YAML
        return False
    return True
