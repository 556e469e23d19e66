"""mailstack with servers that run: clients in the world outside, and what the servers say of them."""

from __future__ import annotations

import base64
import itertools
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.cluster import configuration
from tests.cluster.api import Object
from tests.cluster.certificates import NAME, SECRET, new_secret
from tests.cluster.mail import RELEASE, Mail
from tests.cluster.node import OUTSIDE
from tests.cluster.processes import FailedError

T = TypeVar("T")
CONVERSATION = Path(__file__).with_name("conversation.py")
USER = "admin@example.com"
#: Clients in the world outside, and the address that the balancer has for each kind.
CLIENT = "203.0.113.7"
FRONTS = {CLIENT: "192.0.2.25", "2001:db8::7": "2001:db8:25::25"}
PORTS = {
    "smtp": 25,
    "pop3": 110,
    "imap": 143,
    "https": 443,
    "submissions": 465,
    "submission": 587,
    "imaps": 993,
    "pop3s": 995,
    "sieve": 4190,
}
#: The part of the stack that takes a protocol, and how its log names the client.
LOGS = {
    "smtp": ("mta", r"postfix/smtpd\[\d+\]: connect from \S+\[([^]]+)\]"),
    "submission": ("mta", r"postfix/submission/smtpd\[\d+\]: connect from \S+\[([^]]+)\]"),
    "submissions": ("mta", r"postfix/submissions/smtpd\[\d+\]: connect from \S+\[([^]]+)\]"),
    "imap": ("mda", r" imap-login: .*\brip=([^,]+),"),
    "imaps": ("mda", r" imap-login: .*\brip=([^,]+),"),
    "pop3": ("mda", r" pop3-login: .*\brip=([^,]+),"),
    "pop3s": ("mda", r" pop3-login: .*\brip=([^,]+),"),
    "sieve": ("mda", r" managesieve-login: .*\brip=([^,]+),"),
    "https": ("web", r"/where client=(\S+) "),
}
VALUES: Mapping[str, object] = {
    "clientAddress__platform": "",
    "clientAddress__front": "metallb",
    "clientAddress__podNetworks": list(configuration.ALL_PODS),
    "setup__admin": USER,
    "tls__source": "existingSecret",
    "tls__existingSecret": SECRET,
    "tls__reloadInterval": 10,
    "ports__imap__enabled": True,
    "ports__pop3__enabled": True,
    "ports__sieve__enabled": True,
    # Old pods of the edge wait for nobody.
    "edge__terminationGracePeriodSeconds": 4,
}
MINUTES = 240.0
NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True)
class Answer:
    """What a client was told."""

    certificate: str
    lines: list[str]
    error: str

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Stage:
    """A release whose servers run."""

    mail: Mail
    #: The address to connect to, for a client of each kind.
    fronts: Mapping[str, str] = field(default_factory=lambda: FRONTS)
    #: What it has beside the values that all stages share.
    values: Mapping[str, object] = field(default_factory=dict)
    #: The namespace of the cluster's own Traefik, where clients come in by that.
    door: str = ""
    ports: Mapping[str, int] = field(default_factory=lambda: PORTS)

    # --- the release ----------------------------------------------------------------------------

    def open(self, **values: object) -> None:
        """Installs it and waits for it."""
        self.install(**values)
        self.wait()

    def install(self, **values: object) -> str:
        """Installs it, and says what Helm does."""
        if self.mail.node.api.find(f"/api/v1/namespaces/{self.mail.namespace}/secrets/{SECRET}") is None:
            self.mail.node.apply(self.mail.namespace, new_secret()[0])
        return self.mail.install(**{**VALUES, **self.values, **values})

    def upgrade(self, **values: object) -> None:
        """Moves it to other values and waits for it."""
        self.move(**values)
        self.wait()

    def move(self, **values: object) -> str:
        """Moves it to other values, and says what Helm does."""
        return self.mail.upgrade(**{**VALUES, **self.values, **values})

    def wait(self, *protocols: str) -> None:
        """Until all of it runs, and people can log in: at both servers, unless protocols are named."""
        self.settle()
        told: dict[str, str] = {}

        def are_let_in() -> bool:
            told.update({one: self.log_in(one).error for one in protocols or ("imaps", "submission")})
            return not any(told.values())

        try:
            self.mail.node.space.wait_until(are_let_in, "people log in", seconds=60)
        except FailedError as error:
            raise FailedError(f"{error}\n{told}\n{self.log('mda')[-3000:]}") from error

    def settle(self) -> None:
        """Until all of it runs and clients are connected, whatever they are told then."""
        node, namespace = self.mail.node, self.mail.namespace
        self._balance()
        for workload in self._workloads():
            words = ("rollout", "status", workload, "-n", namespace)
            node.kubectl(*words, f"--timeout={MINUTES:g}s", seconds=2 * MINUTES)
        node.wait_for_pods(namespace, seconds=MINUTES)
        node.space.wait_until(self.is_reached, "clients are connected", seconds=30)

    def _balance(self) -> None:
        """Plays the balancer that gives Services their addresses."""
        ingress = [{"ip": address} for address in self.fronts.values()]
        change = {"status": {"loadBalancer": {"ingress": ingress}}}
        for namespace in filter(None, (self.mail.namespace, self.door)):
            where = f"/api/v1/namespaces/{namespace}/services"
            for service in self.mail.node.api.items(where):
                if service["spec"]["type"] == "LoadBalancer":
                    self.mail.node.api.patch(f"{where}/{service['metadata']['name']}/status", change)

    def is_reached(self) -> bool:
        """Whether clients of both kinds are connected."""
        knock = {"protocol": "", "seconds": 2}
        return not any(self.talk("smtp", source, knock).error for source in FRONTS)

    def manifest(self) -> str:
        """What Helm has made of the chart."""
        return self.mail.manifest()

    def put(self, manifest: str) -> None:
        """Makes its objects what a text says, whoever else had a word in them; servers may be broken then."""
        before = self._settings()
        # In Helm's name, which would else be refused to change these fields again.
        words = ("apply", "--server-side", "--force-conflicts", "--field-manager=helm")
        self.mail.node.kubectl(*words, "-n", self.mail.namespace, "-f", "-", stdin=manifest)
        after = self._settings()
        for workload in self._workloads():
            name = workload.partition("/")[2]
            if before.get(name) != after.get(name):
                # No checksum tells of it; the edge reads its files anew by itself, but nobody knows when.
                self.mail.node.kubectl("rollout", "restart", workload, "-n", self.mail.namespace)
        self.settle()

    def restart(self, part: str) -> None:
        """Has the server of a part begin anew, in a pod of its own, and waits for it to run."""
        words = ("rollout", "restart", f"statefulset/mail-{part}", "-n", self.mail.namespace)
        self.mail.node.kubectl(*words)
        self.settle()

    def _workloads(self) -> list[str]:
        """Kind and name of each."""
        where = f"/apis/apps/v1/namespaces/{self.mail.namespace}"
        return [
            f"{kind}/{one['metadata']['name']}"
            for kind in ("statefulsets", "deployments", "daemonsets")
            for one in self.mail.node.api.items(f"{where}/{kind}")
        ]

    def _settings(self) -> dict[str, object]:
        """What ConfigMaps hold; a workload's has its name."""
        found = self.mail.node.api.items(f"/api/v1/namespaces/{self.mail.namespace}/configmaps")
        return {one["metadata"]["name"]: one.get("data") for one in found}

    def password(self) -> str:
        """The administrator's, which the chart has made."""
        found = self.mail.node.api.get(f"/api/v1/namespaces/{self.mail.namespace}/secrets/mail-secrets")
        return base64.b64decode(found["data"]["admin-password"]).decode()

    # --- clients --------------------------------------------------------------------------------

    def talk(self, protocol: str, source: str = CLIENT, order: Mapping[str, object] = NOTHING) -> Answer:
        """A client outside that has some address, and what it is told."""
        width = "128" if ":" in source else "32"
        known = ["ip", "addr", "replace", f"{source}/{width}", "dev", "lo"]
        space = self.mail.node.space
        space.run(*OUTSIDE, *known, *(["nodad"] if ":" in source else []))
        front = self.fronts["2001:db8::7" if ":" in source else CLIENT]
        whole = {
            "protocol": protocol,
            "address": front,
            "port": self.ports[protocol],
            "source": source,
            "name": NAME,
            "path": "/where",
            **order,
        }
        said = space.run(*OUTSIDE, sys.executable, "-I", str(CONVERSATION), stdin=json.dumps(whole)).stdout
        return Answer(**json.loads(said))

    def log_in(self, protocol: str, source: str = CLIENT, order: Mapping[str, object] = NOTHING) -> Answer:
        """A client outside that says who it is, where the protocol knows that."""
        is_asked = protocol not in {"smtp", "https"}
        who = {"user": USER, "password": self.password()} if is_asked else {}
        return self.talk(protocol, source, {**who, **order})

    def send(self, word: str, *, to: str = USER, protocol: str = "smtp") -> Answer:
        """A mail with a word in it."""
        sender = "someone@outside.test" if protocol == "smtp" else USER
        order = {"sender": sender, "to": to, "message": message(word), "tls": True}
        return self.log_in(protocol, order=order)

    def has(self, *words: str) -> bool:
        """Whether the inbox holds a mail with each of the words."""
        found = self.log_in("imaps").text
        return all(f"Subject: {word}" in found for word in words)

    def wait_for_mail(self, *words: str) -> None:
        """Until the inbox holds a mail with each of the words."""
        self.mail.node.space.wait_until(lambda: self.has(*words), f"mail arrives: {words}", seconds=60)

    # --- logs -----------------------------------------------------------------------------------

    def pods(self, part: str) -> list[Object]:
        """The pods of a part of the stack."""
        selector = f"app.kubernetes.io/component={part},app.kubernetes.io/instance={RELEASE}"
        where = f"/api/v1/namespaces/{self.mail.namespace}/pods"
        return self.mail.node.api.items(f"{where}?labelSelector={selector}")

    def log(self, part: str) -> str:
        """All that a part of the stack has said."""
        where = f"/api/v1/namespaces/{self.mail.namespace}/pods"
        names = [pod["metadata"]["name"] for pod in self.pods(part)]
        return "".join(self.mail.node.api.text(f"{where}/{name}/log?container={part}") for name in names)

    def heard(
        self, protocol: str, source: str = CLIENT, order: Mapping[str, object] = NOTHING, seconds: float = 2
    ) -> set[str]:
        """The addresses that the server's log names for a client within some seconds, where it names any."""
        part, pattern = LOGS[protocol]
        before = len(self.log(part))
        self.log_in(protocol, source, order)
        deadline = time.monotonic() + seconds
        while True:
            found = set(re.findall(pattern, self.log(part)[before:]))
            if found or time.monotonic() > deadline:
                return found
            time.sleep(0.1)

    def seen(self, protocol: str, source: str = CLIENT, order: Mapping[str, object] = NOTHING) -> set[str]:
        """The same where there has to be one."""
        found = self.heard(protocol, source, order, seconds=10)
        if not found:
            part = LOGS[protocol][0]
            raise FailedError(f"{part} names no client of {protocol}\n{self.log(part)[-3000:]}")
        return found

    def seen_by_all(
        self, source: str = CLIENT, protocols: Iterable[str] = PORTS, order: Mapping[str, object] = NOTHING
    ) -> dict[str, set[str]]:
        """The same for each of some protocols."""
        return side_by_side(protocols, lambda protocol: self.seen(protocol, source, order))


def side_by_side(protocols: Iterable[str], do: Callable[[str], T]) -> dict[str, T]:
    """What comes of each protocol; those that servers log alike have their turn one after the other."""
    rows: dict[str, list[str]] = {}
    for protocol in protocols:
        rows.setdefault(LOGS[protocol][1], []).append(protocol)
    with ThreadPoolExecutor(len(rows)) as pool:
        found = pool.map(lambda row: [(protocol, do(protocol)) for protocol in row], rows.values())
        return dict(itertools.chain.from_iterable(found))


def message(word: str) -> str:
    """The text of a mail, but for whom it is from and to."""
    head = f"Subject: {word}\r\nMessage-ID: <{word}@outside.test>\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000"
    return f"{head}\r\n\r\nhello"
