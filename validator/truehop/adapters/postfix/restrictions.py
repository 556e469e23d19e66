"""Restriction lists: whether a network may relay, and what judges clients by address.

Source: vdukhovni/postfix@3.12-20260821 postfix/README_FILES/SMTPD_ACCESS_README and
postfix/proto/postconf.proto (smtpd_relay_restrictions: mail is relayed where neither it nor
smtpd_recipient_restrictions refuses).

Witness: none absent none smtp host-bits-relay honest
Source only: which judges by address there are besides
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from truehop.adapters.postfix.main_cf import Parameters
from truehop.model.facts import Location

RELAY_DEFAULT = ("permit_mynetworks", "permit_sasl_authenticated", "defer_unauth_destination")
REFUSALS = frozenset({"reject", "defer", "reject_unauth_destination", "defer_unauth_destination"})
LIMITS = {
    "smtpd_client_connection_rate_limit": "the connection rate limit",
    "smtpd_client_connection_count_limit": "the connection limit",
    "smtpd_client_message_rate_limit": "the message rate limit",
    "smtpd_client_recipient_rate_limit": "the recipient rate limit",
    "smtpd_client_auth_rate_limit": "the login rate limit",
    "smtpd_client_new_tls_session_rate_limit": "the TLS session rate limit",
}
LISTS = (
    "smtpd_client_restrictions",
    "smtpd_helo_restrictions",
    "smtpd_sender_restrictions",
    "smtpd_relay_restrictions",
    "smtpd_recipient_restrictions",
)
JUDGES = {
    "reject_rbl_client": "a block list",
    "check_policy_service": "a policy service (greylisting, SPF)",
    "reject_unknown_client_hostname": "the check of the client's name",
    "reject_unknown_reverse_client_hostname": "the check of the client's name",
    "check_client_access": "a table of clients",
}


@dataclass(frozen=True, slots=True)
class AddressJudge:
    """Something that judges by address: what it is and where it stands."""

    name: str
    at: Location


def relays_by_network(parameters: Parameters) -> bool:
    """Whether a client in ``mynetworks`` may send anywhere, and it is ``mynetworks`` that lets it."""
    is_named = False
    for name, default in (("smtpd_relay_restrictions", RELAY_DEFAULT), ("smtpd_recipient_restrictions", ())):
        has_own = parameters.find(name) is not None
        words = [word.value for word in parameters.words(name)] if has_own else list(default)
        verdict = next(
            (word for word in words if word in REFUSALS or word in {"permit_mynetworks", "permit"}), ""
        )
        if verdict in REFUSALS:
            return False
        is_named = is_named or verdict == "permit_mynetworks"
    return is_named


def judges(parameters: Parameters) -> Iterator[AddressJudge]:
    """The settings in force that judge clients by address, each kind once."""
    for name, words in LIMITS.items():
        parameter = parameters.find(name)
        if parameter is not None and parameters.value(name).strip() not in {"", "0"}:
            yield AddressJudge(f"{words} ({name} = {parameters.value(name).strip()})", parameter.at)
    seen: set[str] = set()
    for name in LISTS:
        for word in parameters.words(name):
            if word.value in JUDGES and word.value not in seen:
                seen.add(word.value)
                yield AddressJudge(f"{JUDGES[word.value]} ({word.value})", word.location())
    sites = parameters.find("postscreen_dnsbl_sites")
    if sites is not None and sites.value:
        yield AddressJudge("postscreen's block lists (postscreen_dnsbl_sites)", sites.at)
