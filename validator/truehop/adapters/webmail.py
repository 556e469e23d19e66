"""Webmail: Roundcube's PHP configuration and Symfony's framework configuration.

Sources: roundcube/roundcubemail@1.7.3 config/defaults.inc.php (proxy_whitelist, imap_host, smtp_host,
managesieve_host; default_host and smtp_server before 1.6); symfony/symfony FrameworkBundle
DependencyInjection/Configuration.php (trusted_proxies).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from truehop.adapters.addresses import host_and_port
from truehop.adapters.grammars import completeness, read_list
from truehop.adapters.readings import ClientDraft
from truehop.model.facts import Tri
from truehop.model.hops import Hop, TrustList, TrustUse
from truehop.profiles.versions import satisfies
from truehop.source.tree import Cursor, Text

_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?(?:\*/|\Z)|//[^\n]*|\#[^\n]*)|'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)\"""",
    re.DOTALL,
)
_ASSIGNMENT = re.compile(r"\$config\s*\[\s*\Z")
#: Settings that name a server: what connects, and the port where none is written.
HOSTS = {
    "imap_host": ("webmail logins", 143),
    "default_host": ("webmail logins", 143),
    "smtp_host": ("mail sent from webmail", 587),
    "smtp_server": ("mail sent from webmail", 587),
    "managesieve_host": ("webmail's filter rules", 4190),
}
PORTS = {
    "default_host": "default_port",
    "imap_host": "default_port",
    "smtp_server": "smtp_port",
    "smtp_host": "smtp_port",
    "managesieve_host": "managesieve_port",
}
WHITELIST = "proxy_whitelist"
_NUMBER = re.compile(r"\s*=\s*(\d{1,5})\s*;")


@dataclass(slots=True, eq=False)
class PhpSetting:
    """``$config['name'] = …;``: the strings in its value, and whether anything else computes it."""

    name: Text
    strings: list[Text] = field(default_factory=list)
    number: int | None = None
    is_computed: bool = False


def read_php(text: Text) -> dict[str, PhpSetting]:
    """The settings of a file by name; of those given twice the last counts."""
    found: dict[str, PhpSetting] = {}
    current: PhpSetting | None = None
    end = 0
    for match in _TOKEN.finditer(text.value):
        between = text.value[end : match.start()]
        end = match.end()
        if current is not None and ";" in between:
            current = None
        if match["comment"] is not None:
            continue
        string = text.slice(*match.span("single" if match["single"] is not None else "double"))
        if _ASSIGNMENT.search(between):
            current = found[string.value] = PhpSetting(string)
            number = _NUMBER.match(text.value, text.value.find("]", end) + 1)
            current.number = int(number[1]) if number else None
        elif current is not None:
            current.is_computed = (
                current.is_computed
                or re.search(r"[a-zA-Z_]\w*\s*\(", between.replace("array", "")) is not None
            )
            current.strings.append(string)
    return found


@dataclass(slots=True, eq=False)
class RoundcubeSettings:
    """What a configuration file says of trust and of servers."""

    trusts: TrustList | None = None
    clients: list[ClientDraft] = field(default_factory=list)


def read_roundcube(text: Text, hop: Hop, version: str | None = None) -> RoundcubeSettings:
    """Roundcube's list of proxies and the servers it logs in to; calls and variables stay unknown."""
    settings = read_php(text)
    found = RoundcubeSettings()
    whitelist = settings.get(WHITELIST)
    if whitelist is not None:
        entries = read_list(grammar_for(version), *whitelist.strings)
        is_complete = Tri.UNKNOWN if whitelist.is_computed else completeness(entries)
        found.trusts = TrustList(
            WHITELIST,
            TrustUse.FORWARDED,
            whitelist.name.location(),
            entries,
            is_complete=is_complete,
            hop=hop,
        )
    namespace = hop.ref.namespace if hop.ref else None
    for name, (words, port) in HOSTS.items():
        setting = settings.get(name)
        if setting is None or setting.is_computed:
            continue
        told = settings.get(PORTS[name])
        default = told.number if told and told.number else port
        for string in setting.strings:
            peer = host_and_port(string.value, _implied(string.value, default))
            if peer is not None and "%" not in peer[0]:
                found.clients.append(ClientDraft(words, *peer, string.location(), namespace))
    return found


def _implied(text: str, default: int) -> int:
    """The port of a scheme: ``ssl://`` means the port with implicit TLS."""
    if not text.startswith(("ssl://", "imaps://", "smtps://")):
        return default
    return {143: 993, 587: 465}.get(default, default)


def grammar_for(version: str | None) -> str:
    """How that version reads its list; an unknown one counts as current."""
    return "roundcube" if satisfies(version, ">=1.7") else "roundcube_1_6"


def symfony_lists(root: Cursor) -> Iterator[TrustList]:
    """``framework.trusted_proxies``, at the top or below ``when@…``."""
    for place in (root, *(value for name, value in root.entries() if name.startswith("when@"))):
        setting = place.get("framework", "trusted_proxies")
        texts = [setting.text] if setting.is_scalar else [entry.text for entry in setting.items()]
        pieces = [text for text in texts if text is not None and "%env(" not in text.value]
        if pieces:
            entries = read_list("symfony", *pieces)
            at = setting.location() if setting.is_scalar else setting.key_location()
            yield TrustList(
                "trusted_proxies", TrustUse.FORWARDED, at, entries, is_complete=completeness(entries)
            )
