"""What is checked, and what came out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from truehop.findings.outcome import RANK, floor_of
from truehop.reports.terminal import clean
from truehop.rules.base import Severity


class Verdict(Enum):
    """How a check came out."""

    PASS = "pass"  # noqa: S105 (no password)
    FAIL = "fail"
    UNKNOWN = "unknown"  # it was tried and could not be judged
    LEFT_OUT = "left-out"  # it was not asked for, or there was nothing to judge it by


class Recorded(Enum):
    """Whose address the server wrote down."""

    CLIENT = "client"
    HOP = "hop"
    FORGED = "forged"
    REFUSED = "refused"
    UNKNOWN = "unknown"


#: Every check, and what it demands.
CATALOGUE: Mapping[str, str] = {
    "port-state": "a port is open or closed as it should be",
    "greeting": "the server answers in the language of its port",
    "session": "the server takes part in a session to its end",
    "direct-refused": "a port that demands PROXY turns away who comes without",
    "tls-demanded": "nobody can log in before TLS",
    "tls-versions": "TLS before 1.2 is refused",
    "tls-suites": "suites below Mozilla intermediate are refused",
    "certificate-chain": "an authority of this machine stands behind the certificate",
    "certificate-name": "the certificate names the host",
    "certificate-days": "the certificate holds today and for some days more",
    "relay-refused": "a stranger's mail for a foreign address is refused",
    "login": "the user can log in",
    "http-redirect": "plain HTTP serves nothing and leads to HTTPS",
    "http-hsts": "HTTPS tells browsers to stay with it",
    "recorded-address": "the server records the address that the client has",
    "prediction": "the server records what truehop says of the manifests",
    "forged-proxy-v1": "a PROXY header of version 1 that a client sends does not count",
    "forged-proxy-v2": "a PROXY header of version 2 that a client sends does not count",
    "forged-proxy-doubled": "a second PROXY header behind the first does not count",
    "forged-proxy-inside-tls": "a PROXY header inside TLS does not count",
    "forged-x-forwarded-for": "X-Forwarded-For of a client does not count",
    "forged-forwarded": "Forwarded of a client does not count",
    "forged-x-real-ip": "X-Real-IP of a client does not count",
    "forged-x-forwarded-for-underscore": "X_Forwarded_For of a client does not count",
    "forged-x-real-ip-underscore": "X_Real_IP of a client does not count",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What was checked: a public port (as number and name), and where it was reached."""

    number: int
    protocol: str
    host: str
    port: int
    address: str = ""

    @property
    def order(self) -> tuple[int, str, int, bool, str]:
        """The order in which checks are told."""
        return self.number, self.host, self.port, ":" in self.address, self.address

    @property
    def where(self) -> str:
        """Host and port."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Check:
    """A demand on a port; ``severity`` is that of a failure, ``help`` the cure or what would settle it."""

    id: str
    place: Place
    verdict: Verdict
    message: str
    help: str = ""
    severity: Severity = Severity.ERROR

    @property
    def fails(self) -> bool:
        """Whether the demand is not met."""
        return self.verdict is Verdict.FAIL


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of the honest client on a port.

    ``state`` is ``open``, ``closed`` or ``unknown``; ``expected`` the address it came from; ``predicted``
    what the manifests say, empty without.
    """

    place: Place
    state: str
    recorded: Recorded = Recorded.UNKNOWN
    address: str = ""
    hop: str = ""
    expected: str = ""
    predicted: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """All that a run found; ``notes`` are told in every format, ``logins`` are those that failed."""

    host: str
    is_inside: bool
    ports: tuple[Seen, ...] = ()
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many checks came out so."""
        return sum(1 for check in self.checks if check.verdict is verdict)

    def failures(self, severity: Severity) -> int:
        """How many failed with a severity."""
        return sum(1 for check in self.checks if check.fails and check.severity is severity)

    def reaches(self, fail_on: str) -> bool:
        """Whether a failure stands at or above the severity; ``never`` is reached by none."""
        floor = floor_of(fail_on)
        return any(check.fails and RANK[check.severity] >= floor for check in self.checks)

    @property
    def is_empty(self) -> bool:
        """Whether no port was there to judge: none is open, and nothing was said of any."""
        return not any(one.state == "open" for one in self.ports) and not any(
            check.id == "port-state" and check.verdict is not Verdict.LEFT_OUT for check in self.checks
        )


@dataclass(slots=True)
class Notebook:
    """Collects the checks of one place. What servers said in them cannot steer a terminal any more."""

    place: Place
    checks: list[Check] = field(default_factory=list)

    def passed(self, id_: str, message: str) -> None:
        """The demand is met."""
        self.checks.append(Check(id_, self.place, Verdict.PASS, clean(message)))

    def failed(self, id_: str, message: str, help_: str = "", severity: Severity = Severity.ERROR) -> None:
        """The demand is not met."""
        self.checks.append(Check(id_, self.place, Verdict.FAIL, clean(message), help_, severity))

    def unknown(self, id_: str, message: str, settles: str = "") -> None:
        """It could not be judged."""
        self.checks.append(Check(id_, self.place, Verdict.UNKNOWN, clean(message), settles))

    def left_out(self, id_: str, message: str, settles: str = "") -> None:
        """It was not looked at."""
        self.checks.append(Check(id_, self.place, Verdict.LEFT_OUT, clean(message), settles))


def ordered(checks: Iterable[Check]) -> tuple[Check, ...]:
    """By place; within one, in the order of the catalogue."""
    rank = {id_: number for number, id_ in enumerate(CATALOGUE)}
    return tuple(sorted(checks, key=lambda check: (check.place.order, rank[check.id])))
