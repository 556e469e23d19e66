"""Images of mail servers that keep the contract of the published ones: Debian's programs, our own words."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster import images, roots
from tests.cluster.images import Image
from tests.cluster.needs import TOOLS

FOLDER = Path(__file__).with_name("rootfs")
DEBIAN = "PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin:/usr/lib/postgresql/18/bin"


@dataclass(frozen=True)
class Part:
    """One image: what it lays over the root that it shares with the others."""

    name: str
    folder: str = ""
    user: str = ""
    command: Sequence[str] = ("/entrypoint.sh",)
    environment: Mapping[str, str] = field(default_factory=dict)
    #: What asks it to end.
    signal: str = "SIGTERM"

    def layer(self) -> bytes:
        """The image's own files. All are root's; programs stay programs."""
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tar:
            found = sorted((FOLDER / self.folder).rglob("*")) if self.folder else []
            for path in found:
                tar.add(path, path.relative_to(FOLDER / self.folder), recursive=False, filter=_root_owns)
        return out.getvalue()


PARTS = (
    Part("jeboehm/mailserver-mta:8.0.0", "mta"),
    Part("jeboehm/mailserver-mda:8.0.0", "mda", user="1000:1000"),
    Part("jeboehm/mailserver-web:8.0.0", "web", user="1000:1000"),
    Part("jeboehm/mailserver-filter:8.0.0", "filter", user="11333:11333"),
    Part("jeboehm/mailserver-unbound:8.0.0", "unbound", user="100:101"),
    Part("ghcr.io/jeboehm/fetchmailmgr:0.4.0", "fetchmail", user="65534:65534"),
    Part(
        "postgres:18-alpine",
        "database",
        environment={"PGDATA": "/var/lib/postgresql/18/docker"},
        signal="SIGINT",
    ),
    Part("mysql:8.4", "mysql"),
    Part("redis:8.2-alpine", command=("redis-server",)),
)


def edge() -> Image:
    """Traefik, as built from its module, under the name that the chart gives it."""
    program = (TOOLS / "traefik" / "traefik").read_bytes()
    return Image("traefik:v3.6.24", command=("/traefik",), files={"traefik": program})


def write_archive(path: Path, parts: Sequence[Part] = PARTS) -> None:
    """All parts in one archive as ``docker save`` writes it; the layer that they share is in it once."""
    shared = roots.layer()
    with shared.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    manifest = []
    with tarfile.open(path, mode="w") as tar:
        tar.add(shared, f"{digest}.tar", filter=_root_owns)
        for part in parts:
            own = part.layer()
            layers = [digest, hashlib.sha256(own).hexdigest()]
            settings = {
                "architecture": images.architecture(),
                "os": "linux",
                "config": {
                    "Entrypoint": list(part.command),
                    "Env": [DEBIAN, *(f"{name}={value}" for name, value in part.environment.items())],
                    "User": part.user,
                    "StopSignal": part.signal,
                },
                "rootfs": {"type": "layers", "diff_ids": [f"sha256:{one}" for one in layers]},
                "history": [{}, {}],
            }
            written = json.dumps(settings).encode()
            config = f"{hashlib.sha256(written).hexdigest()}.json"
            images.add(tar, config, written)
            images.add(tar, f"{layers[1]}.tar", own)
            manifest.append(
                {"Config": config, "RepoTags": [part.name], "Layers": [f"{one}.tar" for one in layers]}
            )
        images.add(tar, "manifest.json", json.dumps(manifest).encode())


def _root_owns(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info
