"""The JSON Schema of a chart's values as its file holds it."""

from __future__ import annotations

import json
from typing import Any

from truehop.source.location import Location
from truehop.source.problems import INVALID, NOT_JUDGED, Problem
from truehop.source.tree import SourceFile


def parse_schema(source: SourceFile) -> dict[str, Any] | Problem:
    """The schema as a mapping, or what is wrong with the file; ``true`` and ``false`` are schemas too."""
    try:
        schema = json.loads(source.text)
    except json.JSONDecodeError as error:
        at = Location(source.path, error.lineno, error.colno, error.lineno, error.colno)
        return Problem(INVALID, at, f"no json: {error.msg}")
    except RecursionError:
        return Problem(NOT_JUDGED, Location(source.path, 0, 0, 0, 0), "nested too deep")
    except ValueError:  # Python reads no number of more than some thousand digits
        return Problem(NOT_JUDGED, Location(source.path, 0, 0, 0, 0), "a number with too many digits")
    if isinstance(schema, bool):
        schema = {} if schema else {"not": {}}
    if not isinstance(schema, dict):
        return Problem(INVALID, Location(source.path, 1, 1, 1, 1), "a schema is a mapping")
    return schema
