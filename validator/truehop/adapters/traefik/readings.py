"""From a static configuration to a reading: the hop, its listeners and lists."""

from __future__ import annotations

from truehop.adapters.readings import Reading
from truehop.adapters.traefik.entries import make_listener, read_entries, trust_lists
from truehop.adapters.traefik.settings import Setting
from truehop.adapters.traefik.versions import parse_range
from truehop.kube.workloads import Workload
from truehop.model.facts import Basis, Fact, Location, ObjectRef, Tri
from truehop.model.hops import Hop, Role, Switch, ValueGap

PROFILE = "traefik"
#: Providers of routes by the name of their block.
PROVIDERS = {
    "kubernetescrd": "crd",
    "kubernetesingress": "ingress",
    "kubernetesgateway": "gateway",
    "file": "file",
}


def providers_of(static: Setting) -> tuple[str, ...]:
    """The kinds of providers that are switched on."""
    found = static.get("providers")
    if found is None:
        return ()
    return tuple(
        name
        for key, name in PROVIDERS.items()
        if key in found.children and (found.is_on(key) or found.children[key].children)
    )


def make_reading(
    static: Setting,
    *,
    ref: ObjectRef,
    at: Location,
    version: Fact[str] | None,
    on_host_network: bool,
    workload: Workload | None = None,
    is_whole: bool = True,
) -> Reading:
    """The reading of one configuration; a setting that ends the program at start is told by the hop."""
    entries = read_entries(static)
    starts = entries.failures[0] if entries.failures else Fact(Tri.YES, basis=Basis.ASSUMED)
    hop = Hop(str(ref), Role.EDGE, PROFILE, ref, at, version, starts, on_host_network=on_host_network)
    versions = parse_range(version.value) if version else None
    listeners = [make_listener(entry, hop, static, versions) for entry in entries.found] if is_whole else []
    gaps: list[ValueGap] = []
    for belief in entries.beliefs:
        gaps += belief.gaps
    return Reading(
        hop,
        workload,
        listeners,
        trust_lists(entries, listeners, hop),
        switches=with_hop(entries.switches, hop),
        gaps=with_hop_gaps(gaps, hop),
        default_entries=entries.default_names if is_whole and entries.is_whole else None,
        knows_all_entries=is_whole and entries.is_whole,
        providers=providers_of(static),
        rule_syntax=static.text("core", "defaultRuleSyntax").lower(),
    )


def with_hop(switches: list[Switch], hop: Hop) -> list[Switch]:
    """The switches, said to be of this hop."""
    return [
        Switch(
            switch.name,
            switch.value,
            switch.at,
            switch.effect,
            switch.because,
            switch.instead,
            switch.other,
            hop,
            switch.listeners,
            switch.basis,
        )
        for switch in switches
    ]


def with_hop_gaps(gaps: list[ValueGap], hop: Hop) -> list[ValueGap]:
    """The gaps, said to be of this hop."""
    return [ValueGap(gap.name, gap.at, gap.wants, hop) for gap in gaps]
