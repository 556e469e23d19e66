"""A cluster that somebody has, in place of our own node: this machine is then the world outside.

It has to have one node, with addresses and pods of both kinds, that is this machine's neighbour: one of kind,
of k3d, or that of ``python -m tests.cluster.up``. This machine gets the addresses of the tests' clients, and
ways to those that the tests give to Services; both are gone when the tests end.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from tests.cluster import configuration
from tests.cluster.api import Api, Object
from tests.cluster.needs import PATH
from tests.cluster.node import OUTSIDE, Node, is_answering
from tests.cluster.processes import FailedError, Place

#: Where addresses are taken from that the tests give to clients, and to Services.
CLIENTS = ("203.0.113.0/24", "198.51.100.0/24", "2001:db8::/64", "2001:db8:1::/64")
FRONTS = ("192.0.2.0/24", "2001:db8:25::/48")
KUBELET = 10250
PAGE = "asks the tests' own web page which client it believes in; the published image has none"
PODS = "enters the networks of our own node's pods"
#: Tests that our own node alone can have, by patterns of their names.
OWN: dict[str, str] = {
    "test_chart.py::*": "many releases side by side, without servers that run",
    "test_elsewhere.py::*": "about this machine",
    "test_mail.py::*https*": PAGE,
    "test_mail.py::test_address_that_a_browser_states_*": PAGE,
    "test_mail_broken.py::*": PAGE,
    "test_mail_existing.py::*": "installs a Traefik that only our own node has the kinds of",
    "test_mail_lasts.py::test_filter_rules_send_mail_out": "a server outside needs a name in the cluster",
    "test_mail_lasts.py::test_webmail_*": "needs openssl in the web server's image",
    "test_mail_mysql.py::*": "fetches mail from a server in the world outside of our own node",
    "test_mail_balanced.py::*": "the edge trusts addresses that only our own node has",
    "test_mail_doors.py::*": "the edge trusts addresses that only our own node has",
    "test_needs.py::*": "about this machine",
    "test_node.py::*": "about our own node",
    "test_policy.py::*": PODS,
    "test_policy_mail.py::*": PODS,
    "test_readme.py::*": "without servers that run",
    "test_teardown.py::*": "about our own node",
    "test_tools.py::*": "about programs of our own node",
    "test_verify.py::*": PAGE,
    "test_watch.py::*": "brings an image of truehop onto our own node",
}


def reason(nodeid: str) -> str:
    """Why a test is not for other people's clusters, empty where it is."""
    name = nodeid.rpartition("tests/cluster/")[2]
    return next((why for pattern, why in OWN.items() if fnmatchcase(name, pattern)), "")


@dataclass
class Here(Place):
    """This machine, on which commands run as they are: it is the world outside."""

    def entered(self, *words: str) -> list[str]:
        """The command line itself."""
        return list(words[len(OUTSIDE) :] if words[: len(OUTSIDE)] == OUTSIDE else words)

    @classmethod
    def open(cls) -> Here:
        """A folder of its own."""
        state = Path(tempfile.mkdtemp(prefix="truehop-elsewhere-"))
        (state / "log").mkdir()
        return cls(state, state.name, 0)

    def close(self) -> None:
        """Ends what runs, and forgets addresses and ways."""
        for program in self.programs.values():
            program.process.terminate()
            program.process.wait(timeout=10)
        for one in json.loads(self.run("ip", "-j", "addr", "show", "dev", "lo").stdout)[0]["addr_info"]:
            if _is_in(one["local"], CLIENTS):
                self.run("ip", "addr", "del", f"{one['local']}/{one['prefixlen']}", "dev", "lo")
        for front in FRONTS:
            # There is none where the cluster was refused.
            with contextlib.suppress(FailedError):
                self.run("ip", "route", "del", front)
        shutil.rmtree(self.state)


@contextmanager
def reached(context: str) -> Iterator[Node]:
    """The cluster of a context of the user's kubeconfig.

    Raises:
        FailedError: there is none, or it is not one that the tests can use; the text says why.
    """
    settings = _settings(context)
    space = Here.open()
    try:
        configuration.kubeconfig(space.state).write_text(settings, encoding="utf-8")
        node = Node(space, Api(space.state / "api.sock"))
        kubeconfig = f"--kubeconfig={configuration.kubeconfig(space.state)}"
        space.start("kubectl", "kubectl", kubeconfig, "proxy", f"--unix-socket={node.api.path}")
        space.wait_until(lambda: is_answering(node), "the API server answers", of=["kubectl"], seconds=20)
        for front, gateway in zip(FRONTS, _gateways(node), strict=True):
            space.run("ip", "route", "replace", front, "via", gateway)
        yield node
    finally:
        space.close()


def pod_networks(node: Node) -> list[str]:
    """The networks that its pods have their addresses from."""
    return [network for one in node.api.items("/api/v1/nodes") for network in one["spec"]["podCIDRs"]]


def _settings(context: str) -> str:
    """The user's kubeconfig with nothing but one context, read before the tests leave their surroundings."""
    words = ["kubectl", "config", "view", "--raw", "--flatten", "--minify", f"--context={context}"]
    program = shutil.which(words[0], path=PATH)
    if program is None:
        raise FailedError("kubectl is not on PATH")
    done = subprocess.run([program, *words[1:]], capture_output=True, text=True, check=False)
    if done.returncode:
        raise FailedError(
            f"KUBECONTEXT={context}: {done.stderr.strip()}; kubectl config get-contexts lists them"
        )
    return done.stdout


def _gateways(node: Node) -> Sequence[str]:
    """The address of the one node for each kind."""
    nodes = node.api.items("/api/v1/nodes")
    if len(nodes) != 1:
        raise FailedError(
            f"the cluster has {len(nodes)} nodes; the tests lead clients to one: use a cluster of one"
        )
    found = [one["address"] for one in nodes[0]["status"]["addresses"] if one["type"] == "InternalIP"]
    of_kind = {("6" if ":" in address else "4"): address for address in reversed(found)}
    if len(of_kind) != len(FRONTS) or len(_families(nodes[0])) != len(FRONTS):
        pods = pod_networks(node)
        raise FailedError(
            f"the cluster is not dual-stack: its node has addresses {found}, its pods are of {pods};"
            " kind makes one by networking.ipFamily: dual (tests/cluster/kind.yaml)"
        )
    for address in of_kind.values():
        try:
            # A kubelet may listen at one of them alone; whoever refuses has been reached.
            with contextlib.suppress(ConnectionRefusedError):
                socket.create_connection((address, KUBELET), 5).close()
        except OSError as error:
            raise FailedError(
                f"the node's address {address} cannot be reached from this machine ({error});"
                " the tests need a cluster whose node is a neighbour, as those of kind and k3d are"
            ) from error
    return [of_kind["4"], of_kind["6"]]


def _families(node: Object) -> set[int]:
    return {ipaddress.ip_network(network).version for network in node["spec"].get("podCIDRs", ())}


def _is_in(address: str, networks: Sequence[str]) -> bool:
    found = ipaddress.ip_address(address)
    return any(found in ipaddress.ip_network(network) for network in networks)
