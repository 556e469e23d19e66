"""The image of truehop, built by its Containerfile on a Python of Debian's, for no registry is reachable."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

from tests.cluster import roots
from tests.cluster.needs import PATH, ROOT
from tests.cluster.node import Node

#: Where it comes from, and the values by which the chart finds it.
NAME = "registry.example.com/truehop:0.1.0"
VALUES = {"truehop__image__repository": "registry.example.com/truehop", "truehop__image__tag": "0.1.0"}
#: What the Containerfile builds on, and what stands in for it: the release of Debian with the same Python.
BASE = "docker.io/library/python:3.13-slim"
SUITE = "trixie"
PACKAGES = ("ca-certificates", "python3", "python3-pip", "python3-venv")
HOOKS = (
    'ln -s /usr/bin/python3 "$1/usr/local/bin/python"',
    'ln -s /usr/bin/pip3 "$1/usr/local/bin/pip"',
    'rm -rf "$1"/usr/lib/python3*/EXTERNALLY-MANAGED "$1"/var/lib/apt/lists/*',
)
#: What the Containerfile copies.
SOURCES = ("Containerfile", "LICENSE", "README.md", "pyproject.toml", "validator")
#: This machine's authorities and its way to packages, for the time of the build.
LENT = ("/etc/ssl/certs", "/etc/pip.conf")


def image() -> Path:
    """The image's archive, as ``docker save`` writes it. Making it takes a minute or two and the network."""
    base = roots.layer(PACKAGES, HOOKS, SUITE)
    path = roots.KEPT / f"truehop-{_digest(base.name)}.tar"
    if not path.exists():
        unfinished = path.with_suffix(f".{os.getpid()}.unfinished.tar")
        with tempfile.TemporaryDirectory(dir=roots.KEPT) as storage:
            _build(base, unfinished, Path(storage))
        unfinished.rename(path)
        for older in set(roots.KEPT.glob("truehop-????????????????.tar")) - {path}:
            older.unlink(missing_ok=True)
    return path


def _digest(base: str) -> str:
    """Changes with whatever goes into the image."""
    digest = hashlib.sha256(base.encode())
    for source in SOURCES:
        for path in sorted([ROOT / source, *(ROOT / source).rglob("*")]):
            if path.is_file() and path.parent.name != "__pycache__":
                digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _build(base: Path, archive: Path, storage: Path) -> None:
    lent = [f"--volume={path}:{path}:ro" for path in LENT if Path(path).exists()]
    made = _buildah(storage, "from", "scratch")
    _buildah(storage, "add", made, str(base), "/")
    _buildah(storage, "commit", "--rm", made, BASE)
    how = ["--pull-never", "--isolation=chroot", "--network=host", *lent]
    _buildah(storage, "build", *how, f"--tag={NAME}", f"--file={ROOT / 'Containerfile'}", str(ROOT))
    _buildah(storage, "push", NAME, f"docker-archive:{archive}:{NAME}")


def _buildah(storage: Path, *words: str) -> str:
    """What the program says at last.

    Raises:
        RuntimeError: it fails; with what it said.
    """
    place = [f"--root={storage / 'root'}", f"--runroot={storage / 'run'}", "--storage-driver=vfs"]
    ran = subprocess.run(
        ["buildah", *place, *words],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PATH": PATH},
    )
    if ran.returncode:
        raise RuntimeError(f"buildah {words[0]}: {ran.stderr[-2000:]}{ran.stdout[-2000:]}")
    return ran.stdout.strip().rpartition("\n")[2]


def load(node: Node) -> None:
    """Brings it onto the node."""
    node.load_archive(image())
