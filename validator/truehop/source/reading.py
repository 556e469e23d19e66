"""One file's bytes as text, or why not."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from truehop.source.limits import DEFAULT_LIMITS, Limits
from truehop.source.location import Location
from truehop.source.problems import INVALID, NOT_JUDGED, Problem
from truehop.source.tree import SourceFile

#: Longest first: the UTF-32 mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MEGABYTE = 1024 * 1024


def refusal(path: str, message: str, cure: str = "", rule: str = NOT_JUDGED, line: int = 1) -> Problem:
    """A file that is not judged, told at its beginning (or a line of it)."""
    return Problem(rule, Location(path, line, 1, line, 1), message, cure)


def read_file(absolute: Path, path: str, limits: Limits = DEFAULT_LIMITS) -> SourceFile | Problem:
    """The text of a regular file; a device, a pipe, too many bytes or no text is a problem."""
    try:
        # Not to hang where a pipe has taken the file's place since it was found.
        with open(os.open(absolute, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:  # noqa: PTH123
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return refusal(path, "no regular file", "give a file or a folder")
            content = file.read(limits.file_bytes + 1)
    except OSError as error:
        return refusal(path, f"cannot be read: {error.strerror or error}")
    return decode(content, path, limits)


def decode(content: bytes, path: str, limits: Limits = DEFAULT_LIMITS) -> SourceFile | Problem:
    """Bytes as text: UTF-8, or UTF-16 and UTF-32 with a byte order mark (YAML 1.2.2, 5.2)."""
    if len(content) > limits.file_bytes:
        size = limits.file_bytes / _MEGABYTE
        return refusal(path, f"larger than {size:g} MiB", "split the file, or leave it out")
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return SourceFile(path, content.decode(encoding))
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, errors="replace")
        line = before.count("\n") + 1
        message = f"byte 0x{content[error.start]:02x} is no {encoding.upper()} text"
        return refusal(path, message, "save the file as UTF-8", INVALID, line)
