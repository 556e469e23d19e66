"""What a machine must have before a node can start on it.

    python -m tests.cluster.needs [--packages | --elsewhere]

says what is missing that nothing here can build, before anything is built; or its packages, a line each; or
what is missing where the tests run on a cluster that is there already.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".tools" / "go"
#: The modules in tools/ that hold what runs on the node.
MODULES = ("k8s", "coredns", "kube-router", "traefik")
BUILT = (
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kube-proxy",
    "kubelet",
    "kubectl",
    "coredns",
    "network-policies",
    "traefik",
)
CNI = Path("/usr/lib/cni")
#: Where programs lie, for people whose own PATH leaves out those of root.
PATH = os.pathsep.join(
    [
        *(str(TOOLS / module) for module in MODULES),
        os.environ.get("PATH", os.defpath),
        "/usr/local/sbin",
        "/usr/sbin",
        "/sbin",
    ]
)
#: The Debian package of each program.
PACKAGES = {
    "etcd": "etcd-server",
    "containerd": "containerd",
    "ctr": "containerd",
    "runc": "runc",
    str(CNI / "ptp"): "containernetworking-plugins",
    str(CNI / "portmap"): "containernetworking-plugins",
    "busybox": "busybox-static",
    "ip": "iproute2",
    "nft": "nftables",
    "iptables": "iptables",
    "ipset": "ipset",
    "mount": "mount",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
    "unshare": "util-linux",
    "openssl": "openssl",
    "mmdebstrap": "mmdebstrap",
    "buildah": "buildah",
}

#: The same where the cluster is somebody's: this machine is only the world outside.
ELSEWHERE = {program: PACKAGES[program] for program in ("ip", "openssl")}


def find(program: str) -> Path | None:
    """The program's path, or nothing."""
    found = shutil.which(program, path=PATH)
    return Path(found) if found else None


def is_static(program: Path) -> bool:
    """Whether a program runs in an image that holds nothing else."""
    return b"/ld-linux" not in program.read_bytes()


def complaint(*, is_root: bool, packages: Mapping[str, str] = PACKAGES, built: Sequence[str] = BUILT) -> str:
    """One line on all that is missing, empty where nothing is."""
    return "; ".join(_complaints(is_root, packages, built))


def missing_packages(packages: Mapping[str, str] = PACKAGES) -> list[str]:
    """The Debian packages of the programs that are not here."""
    missing = {package for program, package in packages.items() if find(program) is None}
    busybox = find("busybox")
    if busybox is not None and not is_static(busybox):
        missing.add("busybox-static")
    return sorted(missing)


def is_root() -> bool:
    """Whether we may make namespaces."""
    return os.geteuid() == 0


def _complaints(may_all: bool, packages: Mapping[str, str], built: Sequence[str]) -> Iterator[str]:
    if not may_all:
        yield "they make namespaces and mounts: run them as root"
    missing = missing_packages(packages)
    if missing:
        yield f"packages are missing (Debian, Ubuntu: apt-get install {' '.join(missing)})"
    if any(find(program) is None for program in built):
        yield f"programs are not built: run scripts/tool {' '.join(MODULES)}"


if __name__ == "__main__":
    if "--packages" in sys.argv:
        print("\n".join(missing_packages()))  # noqa: T201 (what was asked for)
        sys.exit()
    asked = ELSEWHERE if "--elsewhere" in sys.argv else PACKAGES
    missing = complaint(is_root=is_root(), packages=asked, built=())
    sys.exit(f"cluster tests: {missing}" if missing else 0)
