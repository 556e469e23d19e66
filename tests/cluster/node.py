"""A Kubernetes of one node, real but for its images and the world around it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chart.helm import program
from tests.cluster import configuration, enforcer, images
from tests.cluster.api import Api, Object, RefusedError
from tests.cluster.images import Image
from tests.cluster.processes import FailedError, Place, Space
from tests.cluster.storage import Provisioner, storage_class

#: How long a client tries again: kube-proxy writes new rules down once a second.
PATIENCE = 5.0
CLIENT = Path(__file__).with_name("client.py")
OUTSIDE = ("nsenter", "--net=/run/netns/outside", "--")


@dataclass(frozen=True)
class Reply:
    """What a client got to read."""

    text: str

    @property
    def client(self) -> str:
        """The address that a stand-in saw its client come from."""
        return self._address("from")

    @property
    def pod(self) -> str:
        """The pod in which a stand-in answered."""
        return self._word("pod")

    def _address(self, name: str) -> str:
        return images.address(self._word(name).partition(":")[0])

    def _word(self, name: str) -> str:
        found = re.search(rf"^{name} (\S+)$", self.text, re.MULTILINE)
        if found is None:
            raise FailedError(f"no stand-in answered, but: {self.text!r}")
        return found[1]


@dataclass(frozen=True)
class Node:
    """The running node."""

    space: Place
    api: Api

    @property
    def state(self) -> Path:
        """The folder of all that is the node's; gone with it."""
        return self.space.state

    # --- commands -------------------------------------------------------------------------------

    def kubectl(self, *words: str, stdin: str = "", seconds: float = 120) -> str:
        """What kubectl says; it fails where kubectl does."""
        told = ["kubectl", f"--kubeconfig={configuration.kubeconfig(self.state)}", *words]
        return self.space.run(*told, stdin=stdin, seconds=seconds).stdout

    def helm(self, major: int, *words: str, stdin: str = "", seconds: float = 300) -> str:
        """What a Helm says, which finds this cluster; it fails where Helm does."""
        env = {"KUBECONFIG": str(configuration.kubeconfig(self.state))}
        return self.space.run(program(major), *words, stdin=stdin, seconds=seconds, env=env).stdout

    def apply(self, namespace: str, *objects: Object) -> None:
        """Makes or changes objects."""
        listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        self.kubectl("apply", "--server-side", "-n", namespace, "-f", "-", stdin=json.dumps(listed))

    def load(self, *loaded: Image) -> None:
        """Brings images onto the node; pods name them with any pull policy but Always."""
        for image in loaded:
            archive = self.state / "image.tar"
            archive.write_bytes(image.archive())
            self.load_archive(archive)
            archive.unlink()

    def load_archive(self, archive: Path) -> None:
        """Brings the images of an archive onto the node."""
        address = f"--address={self.state / 'containerd.sock'}"
        self.space.run("ctr", address, "--namespace=k8s.io", "images", "import", str(archive))

    # --- clients --------------------------------------------------------------------------------

    def ask(
        self, address: str, port: int, say: str = "", *, source: str = "", seconds: float = PATIENCE
    ) -> Reply:
        """What a client in the world outside reads, who comes from any address.

        Raises:
            FailedError: nobody takes the connection within some seconds.
        """
        if source:
            width = "128" if ":" in source else "32"
            known = ["ip", "addr", "replace", f"{source}/{width}", "dev", "lo"]
            self.space.run(*OUTSIDE, *known, *(["nodad"] if ":" in source else []))
        return self._ask(OUTSIDE, address, port, say, seconds, source)

    def ask_from_node(self, address: str, port: int, say: str = "", *, seconds: float = PATIENCE) -> Reply:
        """What a client on the node itself reads."""
        return self._ask((), address, port, say, seconds, "")

    def _ask(
        self, network: Sequence[str], address: str, port: int, say: str, seconds: float, source: str
    ) -> Reply:
        told = [sys.executable, "-I", str(CLIENT), address, str(port), str(seconds), source]
        return Reply(self.space.run(*network, *told, stdin=say, seconds=seconds + 30).stdout)

    def network_of(self, address: str) -> tuple[str, ...]:
        """The words before a command that has it run in the network of the pod with an address."""
        script = "cd /run/netns; for one in cni-*; do nsenter --net=$one ip -o addr | sed s/^/$one:/; done"
        for line in self.space.run("sh", "-c", script).stdout.splitlines():
            if f" {address}/" in line:
                return ("nsenter", f"--net=/run/netns/{line.partition(':')[0]}", "--")
        raise FailedError(f"no pod has the address {address}")

    @staticmethod
    def reply(text: str) -> Reply:
        """What a client in a pod read."""
        return Reply(text)

    # --- waiting --------------------------------------------------------------------------------

    def wait_for_pods(self, namespace: str, selector: str = "", *, seconds: float = 60) -> list[Object]:
        """The pods of a namespace, all of them ready and at least one.

        Raises:
            FailedError: not in time; the text holds the pods, their events and their logs.
        """
        query = f"?labelSelector={selector}" if selector else ""
        where = f"/api/v1/namespaces/{namespace}/pods{query}"

        def are_ready() -> bool:
            found = self.api.items(where)
            return bool(found) and all(_is_ready(one) for one in found)

        try:
            self.space.wait_until(are_ready, f"all pods of {namespace} are ready", seconds=seconds)
        except FailedError as error:
            raise FailedError(f"{error}\n{self.tell(namespace)}") from error
        return self.api.items(where)

    def tell(self, namespace: str) -> str:
        """What somebody wants to read when pods do not start."""
        told = [self.kubectl("get", "pods,services,persistentvolumeclaims", "-n", namespace, "-o", "wide")]
        told.append(self.kubectl("get", "events", "-n", namespace, "--sort-by=.lastTimestamp"))
        for pod in self.api.items(f"/api/v1/namespaces/{namespace}/pods"):
            name = pod["metadata"]["name"]
            for status in pod["status"].get("containerStatuses", ()):
                if status["restartCount"] or "running" in status["state"]:
                    words = ["logs", "-n", namespace, name, "-c", status["name"], "--tail=15"]
                    told += [f"{name}/{status['name']}:", self.kubectl(*words)]
        return "\n".join(told)


@contextmanager
def start() -> Iterator[Node]:
    """A node that runs until the block ends.

    Raises:
        FailedError: it does not come up; the text holds what its programs said.
    """
    space = Space.open()
    try:
        node = Node(space, Api(space.state / "api.sock"))
        _start_network(space)
        _start_control_plane(node)
        _start_node(node)
        (node.state / "volumes").mkdir()
        provisioner = Provisioner(node.api, node.state / "volumes")
        provisioner.start()
        try:
            yield node
        finally:
            provisioner.stop()
    finally:
        space.close()


def _start_network(space: Place) -> None:
    script = "; ".join(" ".join(words) for words in configuration.network())
    space.run("sh", "-e", "-c", script)
    for name, value in configuration.SYSCTLS.items():
        space.run("sh", "-c", 'echo "$2" >"/proc/sys/$1"', "sh", name, value)


def _start_control_plane(node: Node) -> None:
    space = node.space
    state = space.state
    space.start("etcd", *configuration.etcd())
    space.start("containerd", *configuration.containerd(state))
    space.run("openssl", "genrsa", "-out", str(state / "accounts.key"), "2048")
    space.start("kube-apiserver", *configuration.api_server(state))
    kubeconfig = f"--kubeconfig={configuration.kubeconfig(state)}"
    space.start("kubectl", "kubectl", kubeconfig, "proxy", f"--unix-socket={node.api.path}")
    node.load(Image(configuration.PAUSE))
    space.wait_until(lambda: is_answering(node), "the API server is ready", of=["kube-apiserver", "etcd"])


def _start_node(node: Node) -> None:
    space = node.space
    state = space.state
    space.start("kube-controller-manager", *configuration.controller_manager(state))
    space.start("kubelet", *configuration.kubelet(state, space.name))
    space.start("kube-scheduler", *configuration.scheduler(state))
    space.start("kube-proxy", *configuration.proxy(state))
    node.api.create("/apis/storage.k8s.io/v1/storageclasses", storage_class())
    space.wait_until(
        lambda: _is_ready(node.api.find(f"/api/v1/nodes/{configuration.NODE}")),
        "the node is ready",
        of=["kubelet", "containerd", "kube-controller-manager"],
    )
    enforcer.start(space)


def is_answering(node: Node) -> bool:
    """Whether the API server is there."""
    try:
        node.api.text("/readyz")
    except (OSError, RefusedError):
        return False
    return True


def _is_ready(found: Object | None) -> bool:
    if found is None or "deletionTimestamp" in found["metadata"]:
        return False
    conditions = found["status"].get("conditions", ())
    is_done = found["status"].get("phase") == "Succeeded"
    return is_done or any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
