"""What a summary shows that is wrong, or likely is: judged once, told by every report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from truehop.findings.outcome import RANK, floor_of
from truehop.live.logs.dictionary import Message, by_id
from truehop.live.logs.hops import PRIVATE_NAME
from truehop.live.logs.privacy import printable
from truehop.live.logs.services import OF_WEBMAIL, PUBLIC
from truehop.live.logs.summary import ServiceUse, Summary
from truehop.rules.base import Severity

SEVERITIES = ("error", "warning", "info")
#: Sessions below which no share is judged.
FEWEST_SESSIONS = 20
#: The share of a service's sessions from inside a hop's network that is told, and that which is no chance.
MUCH = 0.5
NEARLY_ALL = 0.9
_RULES_OF_LOSS = ("address-lost", "header-missing", "trust-missing-hop")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From how many accounts behind one address on it is told, and which severity ends with 1."""

    accounts: int = 10
    fail_on: str = "error"


@dataclass(frozen=True, slots=True)
class LogFinding:
    """Something found. ``check`` is its kind; the pages of ``rules`` explain it, the likeliest first."""

    check: str
    severity: str
    message: str
    help: str
    rules: tuple[str, ...]
    count: int
    program: str = ""
    service: str = ""
    address: str = ""
    network: str = ""
    accounts: tuple[bytes, ...] = field(default=(), repr=False)
    first: int | None = None
    last: int | None = None
    peers: tuple[tuple[str, int], ...] = ()
    dictionary: str = ""


def judge(summary: Summary, thresholds: Thresholds) -> list[LogFinding]:
    """All findings, the gravest first."""
    found = [
        *_shared_addresses(summary, thresholds),
        *_hop_traffic(summary),
        *_falls(summary),
        *_messages(summary),
    ]
    return sorted(found, key=lambda one: (SEVERITIES.index(one.severity), -one.count))


def _shared_addresses(summary: Summary, thresholds: Thresholds) -> Iterator[LogFinding]:
    for address, entry in summary.logins.most(summary.logins.size):
        use = entry.value
        place = summary.hops.place(address)
        if use.most < thresholds.accounts or summary.hops.is_expected(address):
            continue
        is_hop = bool(place.network) and summary.hops.is_stated
        about = "about " if use.is_estimate else ""
        where = f", an address of {place.network}" if place.network else ""
        shown = printable(address)
        yield LogFinding(
            check="shared-address",
            severity="error" if is_hop else "warning",
            message=(
                f"{about}{use.most} accounts logged in from {shown}{where} within {minutes(summary.width)}, "
                f"to {', '.join(sorted(use.services))}"
            ),
            help=(
                "the address is a hop's: let it send PROXY, and the server behind it demand that and trust it"
                if is_hop
                else "if it is a proxy's or balancer's, the clients' addresses are lost there; "
                f"if it is an office's or the webmail's, say so with --expect {shown}"
            ),
            rules=_RULES_OF_LOSS,
            count=use.most,
            address=shown,
            network=place.network,
            accounts=tuple(use.names),
            first=use.most_window * summary.width,
        )


def _hop_traffic(summary: Summary) -> Iterator[LogFinding]:
    for (program, service), use in summary.services.items():
        if (program, service) in PUBLIC - OF_WEBMAIL and use.real >= FEWEST_SESSIONS:
            yield from _share(summary, program, service, use)


def _share(summary: Summary, program: str, service: str, use: ServiceUse) -> Iterator[LogFinding]:
    by_network = {network: use.real_inside(network) for network in use.inside}
    inside = min(sum(by_network.values()), use.real)
    share = inside / use.real
    if share < MUCH:
        return
    network = max(by_network, key=lambda name: by_network[name])
    is_stated = summary.hops.is_stated
    names = "inside a hop's network" if is_stated else "private addresses"
    yield LogFinding(
        check="hop-traffic",
        severity="error" if is_stated and share >= NEARLY_ALL else "warning",
        message=f"{share:.0%} of {use.real} sessions with {program} {service} come from {names}"
        + (f" ({network})" if network != PRIVATE_NAME else ""),
        help=(
            "the server records a hop instead of its clients: truehop path shows where the address is lost; "
            "clients inside the cluster, such as the webmail, are named with --expect"
        ),
        rules=_RULES_OF_LOSS,
        count=inside,
        program=program,
        service=service,
        network=network,
    )


def _falls(summary: Summary) -> Iterator[LogFinding]:
    for fall in summary.windows.falls:
        yield LogFinding(
            check="distinct-fall",
            severity="warning",
            message=(
                f"{fall.program} {fall.service} saw {fall.addresses} addresses in {minutes(summary.width)}, "
                f"where {fall.usual} are usual, with as much traffic as ever"
            ),
            help="look at what changed then: a proxy in front, a trust list, a traffic policy",
            rules=_RULES_OF_LOSS,
            count=fall.usual - fall.addresses,
            program=fall.program,
            service=fall.service,
            first=fall.window * summary.width,
        )


def _messages(summary: Summary) -> Iterator[LogFinding]:
    known = by_id()
    for name, use in summary.messages.items():
        message: Message = known[name]
        yield LogFinding(
            check="message",
            severity=message.severity,
            message=message.meaning,
            help=message.cure,
            rules=message.rules,
            count=use.count,
            program=message.program,
            first=use.first,
            last=use.last,
            peers=tuple((printable(address), entry.count) for address, entry in use.peers.most(3)),
            dictionary=name,
        )


def minutes(width: int) -> str:
    """A stretch of time in words."""
    return "a minute" if width == 1 else f"{width} minutes"


def reaches(found: list[LogFinding], fail_on: str) -> bool:
    """Whether a finding is at or above a severity; ``never`` is above all."""
    floor = floor_of(fail_on)
    return any(RANK[Severity(one.severity)] >= floor for one in found)
