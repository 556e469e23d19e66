"""TLS settings of Postfix: protocol lists, and the suites behind a cipher grade.

Source: vdukhovni/postfix@3.12-20260821 postfix/proto/postconf.proto (smtpd_tls_protocols,
smtpd_tls_mandatory_protocols, tls_high_cipherlist).

Source only: which protocols and suites Postfix' settings allow
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from truehop.adapters.postfix.main_cf import Parameter, Parameters
from truehop.adapters.postfix.services import MANDATORY, SmtpService
from truehop.model.facts import Fact, Location
from truehop.model.hops import Listener, Tls, TlsPolicy
from truehop.source.tree import Text

#: Protocols from the oldest; SSL counts as older than any TLS.
ORDER = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
VERSIONS = {"TLSv1": "1.0", "TLSv1.1": "1.1", "TLSv1.2": "1.2", "TLSv1.3": "1.3"}
_ALIAS = {"tlsv1.0": "TLSv1", **{name.lower(): name for name in ORDER}}
_PART = re.compile(r"(!|>=|<=|)([^:\s,!<>=]+)")
_SUITE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)+")


def tls_policies(smtpds: Sequence[tuple[SmtpService, Listener]]) -> list[TlsPolicy]:
    """The TLS settings in force, each with the listeners it is for."""
    found: dict[tuple[str, Location], tuple[TlsPolicy, list[Listener]]] = {}
    for smtpd, listener in smtpds:
        if listener.tls.value not in {Tls.STARTTLS, Tls.IMPLICIT}:
            continue
        level = smtpd.session.value("smtpd_tls_security_level").strip().lower()
        infix = "mandatory_" if level in MANDATORY else ""
        for policy in (_protocols(smtpd.session, infix), _suites(smtpd.session, infix)):
            if policy is not None:
                found.setdefault((policy.name, policy.at), (policy, []))[1].append(listener)
    return [replace(policy, listeners=tuple(listeners)) for policy, listeners in found.values()]


def _protocols(session: Parameters, infix: str) -> TlsPolicy | None:
    name = f"smtpd_tls_{infix}protocols"
    parameter = session.find(name)
    if parameter is None or not parameter.value:
        return None
    minimum = lowest(word.value for word in session.words(name))
    fact = Fact(minimum, parameter.at, parameter.basis, f"{name} is {parameter.value}") if minimum else None
    return TlsPolicy(parameter.at, name, fact)


def lowest(words: Iterable[str]) -> str:
    """The lowest TLS version that a protocol list leaves on, empty where a word of it is not known.

    SSLv2 and SSLv3 are not in today's OpenSSL, whatever the list says.
    """
    wanted: set[str] = set()
    off: set[str] = set()
    floor = ORDER[0]
    for sign, bare in (part for word in words for part in _PART.findall(word)):
        protocol = _ALIAS.get(bare.lower())
        if protocol is None:
            return ""
        if sign == "!":
            off.add(protocol)
        elif sign == ">=":
            floor = protocol
        elif not sign:
            wanted.add(protocol)
    on = [name for name in ORDER[ORDER.index(floor) :] if name not in off and (not wanted or name in wanted)]
    return next((VERSIONS[name] for name in on if name in VERSIONS), "")


def _suites(session: Parameters, infix: str) -> TlsPolicy | None:
    grade = session.value(f"smtpd_tls_{infix}ciphers", "medium").strip().lower()
    parameter = session.find(f"tls_{grade}_cipherlist")
    if parameter is None:
        return None
    return TlsPolicy(parameter.at, parameter.name.value, suites=suite_facts(parameter))


def suite_facts(parameter: Parameter) -> tuple[Fact[str], ...]:
    """The suites an OpenSSL list names one by one; classes (HIGH) and exclusions are left out."""
    return tuple(
        Fact(part.value, part.location(), parameter.basis)
        for piece in parameter.pieces
        for part in _named(piece)
    )


def _named(piece: Text) -> list[Text]:
    return [part for part in piece.split(":, \t") if _SUITE.fullmatch(part.value)]
