"""Images made by hand: busybox under any name, for no registry is reachable and none is needed."""

from __future__ import annotations

import hashlib
import io
import ipaddress
import json
import platform
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.cluster.needs import find

#: What a stand-in runs. It listens on each of $PORTS and tells each client both addresses of the connection,
#: as the kernel prints them, and the pod's name; then it gives back what it is sent.
LISTEN = """\
#!/bin/sh
for port in $PORTS; do
  nc -ll -p "$port" -e /answer &
done
wait
"""
ANSWER = """\
#!/bin/sh
socket=$(readlink /proc/self/fd/0 | tr -dc 0-9)
cat /proc/net/tcp /proc/net/tcp6 |
  awk -v socket="$socket" '$10 == socket { print "from", $3; print "to", $2 }'
echo "pod $HOSTNAME"
exec cat
"""
FOLDERS = ("bin", "dev", "etc", "proc", "sys", "tmp", "usr", "usr/bin", "var", "var/tmp")
ANYBODY_WRITES = ("tmp", "var/tmp")
ACCOUNTS = {
    "etc/passwd": "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
}


@dataclass(frozen=True)
class Image:
    """An image of busybox with further files, all of them programs."""

    name: str
    command: Sequence[str] = ("/bin/sleep", "infinity")
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str = ""

    def archive(self) -> bytes:
        """The image as ``docker save`` writes it."""
        layer = _layer(self.files)
        digest = hashlib.sha256(layer).hexdigest()
        settings = {
            "architecture": architecture(),
            "os": "linux",
            "config": {
                "Entrypoint": list(self.command),
                "Env": [
                    "PATH=/bin:/usr/bin",
                    *(f"{name}={value}" for name, value in self.environment.items()),
                ],
                "User": self.user,
            },
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
            "history": [{}],
        }
        written = json.dumps(settings).encode()
        config = f"{hashlib.sha256(written).hexdigest()}.json"
        manifest = [{"Config": config, "RepoTags": [self.name], "Layers": [f"{digest}.tar"]}]
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tar:
            add(tar, config, written)
            add(tar, f"{digest}.tar", layer)
            add(tar, "manifest.json", json.dumps(manifest).encode())
        return out.getvalue()


def stand_in(name: str, *ports: int, user: str = "") -> Image:
    """An image that answers on TCP ports, over IPv4 and IPv6, for any program that would."""
    listening = " ".join(str(port) for port in ports)
    return Image(
        name,
        command=("/listen",),
        files={"listen": LISTEN, "answer": ANSWER},
        environment={"PORTS": listening},
        user=user,
    )


def address(printed: str) -> str:
    """An address as the kernel prints it in hexadecimal: words of 32 bits, each in the machine's order."""
    found = bytes.fromhex(printed)
    if sys.byteorder == "little":
        found = b"".join(found[start : start + 4][::-1] for start in range(0, len(found), 4))
    whole = ipaddress.ip_address(found)
    return str(getattr(whole, "ipv4_mapped", None) or whole)


def _layer(files: Mapping[str, str | bytes]) -> bytes:
    """The layer of an image: busybox and its names, accounts, and further files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in FOLDERS:
            folder = tarfile.TarInfo(name)
            folder.type = tarfile.DIRTYPE
            folder.mode = 0o1777 if name in ANYBODY_WRITES else 0o755
            tar.addfile(folder)
        add(tar, "bin/busybox", _busybox(), mode=0o755)
        for name in _applets():
            link = tarfile.TarInfo(f"bin/{name}")
            link.type = tarfile.SYMTYPE
            link.linkname = "busybox"
            tar.addfile(link)
        for name, text in ACCOUNTS.items():
            add(tar, name, text.encode())
        for name, written in files.items():
            content = written.encode() if isinstance(written, str) else written
            add(tar, name.lstrip("/"), content, mode=0o755)
    return out.getvalue()


def add(tar: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644) -> None:
    """Adds a file to an archive."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mode = mode
    tar.addfile(info, io.BytesIO(content))


def _program() -> Path:
    found = find("busybox")
    assert found is not None
    return found


@cache
def _busybox() -> bytes:
    return _program().read_bytes()


@cache
def _applets() -> tuple[str, ...]:
    said = subprocess.run([_program(), "--list"], capture_output=True, text=True, check=True).stdout
    return tuple(name for name in said.split() if name != "busybox")


def architecture() -> str:
    """The machine's, in the words of images."""
    names = {"x86_64": "amd64", "aarch64": "arm64"}
    return names.get(platform.machine(), platform.machine())
