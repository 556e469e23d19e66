"""What a machine must have before the lab can run on it.

    python -m tests.lab.needs [--packages]

says in one line what is missing that nothing here can build; or the packages of that, a line each.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
TRAEFIK = ROOT / ".tools" / "go" / "traefik" / "traefik"
#: Where programs lie, for people whose own PATH leaves out those of root.
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])
#: The Debian package of each program. The servers themselves come from Debian into folders of their own.
PACKAGES = {
    "ip": "iproute2",
    "mmdebstrap": "mmdebstrap",
    "mount": "mount",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
    "unshare": "util-linux",
}


def complaint(*, is_root: bool, packages: Mapping[str, str] = PACKAGES) -> str:
    """One line on all that is missing, empty where nothing is."""
    return "; ".join(_complaints(is_root, packages))


def missing_packages(packages: Mapping[str, str] = PACKAGES) -> list[str]:
    """The Debian packages of the programs that are not here."""
    return sorted(
        {package for program, package in packages.items() if shutil.which(program, path=PATH) is None}
    )


def is_root() -> bool:
    """Whether we may make namespaces."""
    return os.geteuid() == 0


def _complaints(may_all: bool, packages: Mapping[str, str]) -> Iterator[str]:
    if not may_all:
        yield "it makes namespaces and mounts: run it as root"
    missing = missing_packages(packages)
    if missing:
        yield f"packages are missing (Debian, Ubuntu: apt-get install {' '.join(missing)})"


if __name__ == "__main__":
    if "--packages" in sys.argv:
        print("\n".join(missing_packages()))  # noqa: T201 (what was asked for)
        sys.exit()
    missing = complaint(is_root=is_root())
    sys.exit(f"lab: {missing}" if missing else 0)
