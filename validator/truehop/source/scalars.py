"""What plain scalars mean to the YAML decoder of Kubernetes and Helm (sigs.k8s.io/yaml, YAML 1.1 words)."""

from __future__ import annotations

import re

TRUE_WORDS = frozenset({"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"})
FALSE_WORDS = frozenset({"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"})
NULL_WORDS = frozenset({"", "~", "null", "Null", "NULL"})

TAG = "tag:yaml.org,2002:"
#: Longer digits are no numbers to anybody, and Python refuses to convert more than 4300.
_LONGEST_NUMBER = 400

_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = {
    ".nan": "nan",
    ".NaN": "nan",
    ".NAN": "nan",
    ".inf": "inf",
    ".Inf": "inf",
    ".INF": "inf",
    "+.inf": "inf",
    "+.Inf": "inf",
    "+.INF": "inf",
    "-.inf": "-inf",
    "-.Inf": "-inf",
    "-.INF": "-inf",
}

Resolved = None | bool | int | float | str


def resolve(value: str, style: str, tag: str | None) -> Resolved:
    """The value a scalar has in Kubernetes, by its text, its style and its tag."""
    if tag is not None and tag != TAG + "null":
        if tag == TAG + "str" or not tag.startswith(TAG):
            return value
    elif style != "":
        return value
    if value in NULL_WORDS:
        return None
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    number = resolve_number(value)
    return value if number is None else number


def resolve_number(value: str) -> int | float | None:
    """The number that plain text stands for, None where it is none."""
    if len(value) > _LONGEST_NUMBER or not value or value[0] not in "+-.0123456789":
        return None
    if value in _SPECIAL:
        return float(_SPECIAL[value])
    if _INTEGER.fullmatch(value):
        digits = value.replace("_", "")
        unsigned = digits.lstrip("+-")
        is_old_octal = len(unsigned) > 1 and unsigned.isdigit() and unsigned[0] == "0"
        try:
            return int(digits, 8 if is_old_octal else 0)
        except ValueError:
            return float(digits) if unsigned.isdigit() else None
    return float(value) if _FLOAT.fullmatch(value) else None
