"""What a file probably is, by its name."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath


class FileKind(StrEnum):
    """How a file is to be read; ``OTHER`` is nothing that anything here reads."""

    YAML = "yaml"
    JSON = "json"
    TOML = "toml"
    VALUES = "values"
    MAIN_CF = "main.cf"
    MASTER_CF = "master.cf"
    DOVECOT = "dovecot"
    OTHER = "other"


_SUFFIXES = {".yaml": FileKind.YAML, ".yml": FileKind.YAML, ".json": FileKind.JSON, ".toml": FileKind.TOML}


def kind_of(path: str) -> FileKind:
    """The kind of file by its path: a guess that the file's content may still prove wrong.

    Dovecot reads ``dovecot.conf``, ``conf.d/*.conf`` and ``*.conf.ext``
    (dovecot@2.4.2 doc/dovecot.conf.in, ``!include conf.d/*.conf``).
    """
    place = PurePosixPath(path)
    name = place.name.lower()
    if name.endswith(".cf"):
        return FileKind.MASTER_CF if name.endswith("master.cf") else FileKind.MAIN_CF
    if name.endswith((".conf", ".conf.ext")) and (
        "dovecot" in path.lower() or (place.parent.name == "conf.d" and name[:1].isdigit())
    ):
        return FileKind.DOVECOT
    kind = _SUFFIXES.get(place.suffix.lower(), FileKind.OTHER)
    return FileKind.VALUES if kind is FileKind.YAML and is_values_name(name) else kind


def is_values_name(name: str) -> bool:
    """Whether a file is named as Helm values are: ``values.yaml``, ``x-values.yml``, ``values-prod.yaml``."""
    stem = PurePosixPath(name.lower()).stem
    return "values" in stem.replace("_", "-").replace(".", "-").split("-")
