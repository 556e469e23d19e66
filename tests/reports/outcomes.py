"""Outcomes made by hand, with everything that formats have to bear."""

from __future__ import annotations

from truehop.findings.fingerprints import with_fingerprints
from truehop.findings.outcome import (
    Checked,
    Crash,
    Excerpt,
    Finding,
    Leg,
    Outcome,
    RouteView,
    Suppression,
    Unjudged,
)
from truehop.model.facts import Location, ObjectRef
from truehop.model.walk import Step
from truehop.rules.base import (
    ERROR,
    INFO,
    WARNING,
    Confidence,
    Report,
    Rule,
    Setting,
    Severity,
    metadata_only,
)

MTA = ObjectRef("Deployment", "mta", "mail")


def rule(name: str, group: str = "trust", severity: Severity = ERROR) -> Rule:
    return Rule(
        id=name,
        group=group,
        severity=severity,
        since="0.1",
        reads=frozenset(),
        check=metadata_only,
        doc="A title.\n\n## Why\n\nBecause `x` < y & z.\n\n```yaml\na: b\n```",
        settings=(Setting("ipv4", 16, "the widest prefix"),),
        title="A title",
    )


RULES = (
    rule("trust-any-address"),
    rule("trust-wide-range", severity=WARNING),
    rule("value-unknown", "input", INFO),
)


def at(
    path: str = "mail/mta.yaml", line: int = 3, column: int = 12, width: int = 9, pointer: str = "0#/spec/a"
) -> Location:
    return Location(path, line, column, line, column + width, pointer, None, MTA)


STEPS = (
    Step("front of Service mail/traefik", "connects from the client's address", at("traefik.yaml", 7, 3)),
    Step("Deployment mail/mta :25", "believes the PROXY header"),
)

FINDINGS = (
    Finding(
        rule="trust-any-address",
        severity=ERROR,
        report=Report(
            at=at(),
            message="Deployment mail/mta :25 believes any sender (0.0.0.0/0)",
            help="name only the addresses of the hop in front",
            related=(
                (at("mail/mta.yaml", 9, 3, 4), "this listener"),
                (at("traefik, 100%.yaml", 1, 1), "that one"),
            ),
        ),
        route=STEPS,
        identity="a",
        excerpt=Excerpt(3, ("    value: 0.0.0.0/0  # everybody",)),
    ),
    Finding(
        rule="trust-wide-range",
        severity=WARNING,
        report=Report(
            at=Location(
                "charts/mail/templates/ä b.yaml",
                0,
                0,
                0,
                0,
                "2#/spec/x~1y",
                "charts/mail/templates/ä b.yaml",
                None,
            ),
            message='100% of 10.0.0.0/8: \x1b[31mred\x1b[0m, <tag> & "quotes"\nsecond line',
            confidence=Confidence.LOW,
        ),
        identity="b",
    ),
    Finding(
        rule="value-unknown",
        severity=INFO,
        report=Report(
            at=Location("mail/mta.yaml", 20, 5, 21, 9, "1#/data"),
            message="a value is not here",
            help="say it",
        ),
        identity="c",
        excerpt=Excerpt(20, ("\tkey: |", "      日本語 text")),
    ),
)
SUPPRESSED = (
    Finding(
        rule="trust-wide-range",
        severity=WARNING,
        report=Report(at=at("mail/mta.yaml", 5), message="trusts 10.0.0.0/8", help="narrow it"),
        identity="d",
        suppressed_by=Suppression("comment", "a closed network"),
    ),
    Finding(
        rule="trust-wide-range",
        severity=WARNING,
        report=Report(at=at("mail/mta.yaml", 6), message="trusts 10.0.0.0/8"),
        identity="e",
        suppressed_by=Suppression("config", "until spring"),
    ),
)
ROUTES = (
    RouteView(
        port=25,
        protocol="smtp",
        door="LoadBalancer",
        owner="Service mail/traefik",
        front="hetzner",
        listener="Deployment mail/mta :25",
        believes="client",
        forgeable_by=(("internet", "no"), ("pods", "no"), ("namespace", "no"), ("nodes", "no")),
        steps=STEPS,
        legs=(
            Leg("Deployment mail/traefik", "edge", 2525, "smtp", "v2", "balancer", "PROXY optional"),
            Leg("Deployment mail/mta", "mta", 25, "smtp", "v2", "pod", "PROXY required"),
        ),
    ),
    RouteView(
        port=443,
        protocol="http",
        door="hostPort",
        owner='Deployment mail/"web"|#1',
        front="",
        listener="Deployment mail/web :8080",
        believes="unknown",
        forgeable_by=(("internet", "no"), ("pods", "unknown"), ("namespace", "yes"), ("nodes", "no")),
        settles=("networks.pods", "front"),
        steps=STEPS[1:],
        forgeries=(("namespace", STEPS[1:]),),
        legs=(Leg("Deployment mail/web", "web", 8080, "", "xff", "kept", "X-Forwarded-For"),),
        clients=(Leg("Deployment mail/mda", "mda", 143, "imap", "none", "pod", ""),),
    ),
    RouteView(
        port=993,
        protocol="imaps",
        door="NodePort",
        owner="Service mail/mda",
        front="",
        listener="StatefulSet mail/mda :993",
        believes="refused",
        forgeable_by=(("internet", "yes"), ("pods", "no"), ("namespace", "no"), ("nodes", "no")),
        legs=(Leg("StatefulSet mail/mda", "mda", 993, "imaps", "none", "unknown", ""),),
    ),
)
FULL = Outcome(
    findings=tuple(with_fingerprints(FINDINGS)),
    suppressed=tuple(with_fingerprints(SUPPRESSED)),
    unjudged=(Unjudged("broken.yaml", "not closed: [", 3, "invalid-yaml"), Unjudged("charts/x", "no helm")),
    crashes=(
        Crash("trust-wide-range", "", "KeyError: 'x'", "Traceback …"),
        Crash("the builder", "", "ValueError: y"),
    ),
    routes=ROUTES,
    checked=Checked(3, 5, 1),
    rules=RULES,
    off=frozenset({"value-unknown"}),
    stale_baseline=2,
)
EMPTY = Outcome(rules=RULES, relevant=False)
