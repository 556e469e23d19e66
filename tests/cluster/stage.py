"""mailstack with servers that run: clients in the world outside, and what the servers say of them."""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster import configuration
from tests.cluster.certificates import NAME, SECRET, new_secret
from tests.cluster.mail import RELEASE, Mail
from tests.cluster.node import OUTSIDE
from tests.cluster.processes import FailedError

CONVERSATION = Path(__file__).with_name("conversation.py")
SINK = Path(__file__).with_name("sink.py")
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

    # --- the release ----------------------------------------------------------------------------

    def open(self, **values: object) -> None:
        """Installs it, and plays the balancer that gives its Services their addresses."""
        if self.mail.node.api.find(f"/api/v1/namespaces/{self.mail.namespace}/secrets/{SECRET}") is None:
            self.mail.node.apply(self.mail.namespace, new_secret()[0])
        self.mail.install(**{**VALUES, **values})
        self.wait()

    def upgrade(self, **values: object) -> None:
        """Moves it to other values."""
        self.mail.upgrade(**{**VALUES, **values})
        self.wait()

    def wait(self) -> None:
        """Until all of it runs and clients reach it."""
        node, namespace = self.mail.node, self.mail.namespace
        where = f"/api/v1/namespaces/{namespace}/services"
        ingress = [{"ip": address} for address in self.fronts.values()]
        for service in node.api.items(where):
            if service["spec"]["type"] == "LoadBalancer":
                change = {"status": {"loadBalancer": {"ingress": ingress}}}
                node.api.patch(f"{where}/{service['metadata']['name']}/status", change)
        for kind in ("statefulsets", "deployments", "daemonsets"):
            for one in node.api.items(f"/apis/apps/v1/namespaces/{namespace}/{kind}"):
                words = ("rollout", "status", f"{kind}/{one['metadata']['name']}", "-n", namespace)
                node.kubectl(*words, f"--timeout={MINUTES:g}s", seconds=2 * MINUTES)
        node.wait_for_pods(namespace, seconds=MINUTES)
        node.space.wait_until(self.is_reached, "clients reach the edge", seconds=30)

    def is_reached(self) -> bool:
        """Whether a client gets any answer."""
        return not self.talk("https", order={"seconds": 2}).error

    def manifest(self) -> str:
        """What Helm has made of the chart."""
        return self.mail.manifest()

    def put(self, manifest: str) -> None:
        """Makes its objects what a text says, whoever else had a word in them."""
        words = ("apply", "--server-side", "--force-conflicts", "-n", self.mail.namespace, "-f", "-")
        self.mail.node.kubectl(*words, stdin=manifest)
        # The edge reads its files anew by itself, but nobody knows when.
        self.mail.node.kubectl("rollout", "restart", "deployment/mail-edge", "-n", self.mail.namespace)
        self.wait()

    def password(self) -> str:
        """The administrator's, which the chart has made."""
        found = self.mail.find("secret", "mail-secrets")["data"]["admin-password"]
        return base64.b64decode(found).decode()

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
            "port": PORTS[protocol],
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
        head = f"Subject: {word}\r\nMessage-ID: <{word}@outside.test>\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000"
        order = {"sender": sender, "to": to, "message": f"{head}\r\n\r\nhello", "tls": True}
        return self.log_in(protocol, order=order)

    def has(self, *words: str) -> bool:
        """Whether the inbox holds a mail with each of the words."""
        found = self.log_in("imaps").text
        return all(f"Subject: {word}" in found for word in words)

    def wait_for_mail(self, *words: str) -> None:
        """Until the inbox holds a mail with each of the words."""
        self.mail.node.space.wait_until(lambda: self.has(*words), f"mail arrives: {words}", seconds=60)

    # --- logs -----------------------------------------------------------------------------------

    def log(self, part: str) -> str:
        """All that a part of the stack has said."""
        selector = f"app.kubernetes.io/component={part},app.kubernetes.io/instance={RELEASE}"
        words = ("logs", "-n", self.mail.namespace, "-l", selector, "-c", part, "--tail=-1")
        return self.mail.node.kubectl(*words)

    def seen(
        self, protocol: str, source: str = CLIENT, order: Mapping[str, object] = NOTHING, seconds: float = 10
    ) -> set[str]:
        """The addresses that the server's log names for a client."""
        part, pattern = LOGS[protocol]
        before = len(self.log(part))
        self.log_in(protocol, source, order)
        found: set[str] = set()

        def is_told() -> bool:
            found.update(re.findall(pattern, self.log(part)[before:]))
            return bool(found)

        try:
            self.mail.node.space.wait_until(is_told, f"{part} names a client", seconds=seconds)
        except FailedError as error:
            raise FailedError(f"{error}\n{self.log(part)[before:]}") from error
        return found


def open_sink(mail: Mail) -> None:
    """Starts the mail server outside; it may run already."""
    space = mail.node.space
    if "sink" not in space.programs:
        space.start("sink", *OUTSIDE, sys.executable, "-I", str(SINK), configuration.OUTSIDE[0], "25")


def sunk(mail: Mail) -> list[dict[str, object]]:
    """The mails that the server outside has got."""
    text = mail.node.space.programs["sink"].log.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]
