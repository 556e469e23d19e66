"""An image of truehop such as its Containerfile makes: a small Python, what it needs, and the package."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

from tests.cluster import images, roots, stack
from tests.cluster.needs import ROOT
from tests.cluster.node import Node

#: Where it comes from, and the values by which the chart finds it.
NAME = "registry.example.com/truehop:0.1.0"
VALUES = {"truehop__image__repository": "registry.example.com/truehop", "truehop__image__tag": "0.1.0"}
#: Debian's own packages of what pyproject.toml names, the extra "live" included.
PACKAGES = (
    "ca-certificates",
    "python3",
    "python3-click",
    "python3-jsonschema",
    "python3-kubernetes",
    "python3-prometheus-client",
    "python3-yaml",
    "python3-zstandard",
)
HOOKS = ('rm -rf "$1"/var/lib/apt/lists/*',)
PACKAGE = ROOT / "validator" / "truehop"
PLACE = "usr/lib/python3/dist-packages/truehop"
PROGRAM = "#!/usr/bin/python3\nimport sys\n\nfrom truehop.cli import main\n\nsys.exit(main())\n"


@dataclass(frozen=True)
class Tool(stack.Part):
    """The image's own layer: the package where Debian's Python looks for it, and the command."""

    def layer(self) -> bytes:
        """Everything that the wheel would bring."""
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as tar:
            for path in sorted(PACKAGE.rglob("*")):
                if path.is_file() and path.parent.name != "__pycache__":
                    images.add(tar, f"{PLACE}/{path.relative_to(PACKAGE)}", path.read_bytes())
            images.add(tar, "usr/local/bin/truehop", PROGRAM.encode(), mode=0o755)
        return out.getvalue()


def root() -> Path:
    """The layer below it."""
    return roots.layer(PACKAGES, HOOKS)


def load(node: Node) -> None:
    """Brings it onto the node."""
    archive = Path(node.state, "tool.tar")
    part = Tool(NAME, user="65534:65534", command=("truehop",))
    stack.write_archive(archive, [part], root())
    node.load_archive(archive)
    archive.unlink()
