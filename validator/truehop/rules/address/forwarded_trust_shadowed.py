"""Forwarded-header lists behind a PROXY header."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.rules.base import WARNING, HopGraph, Report, RuleSettings, Walks, rule
from truehop.rules.common import here, is_live, merged


@rule(severity=WARNING, reads={"listeners", "networks"})
def check(graph: HopGraph, walks: Walks, settings: RuleSettings) -> Iterator[Report]:
    """An entry that decodes PROXY also lists who may state the client in forwarded headers.

    ## Why

    The list is compared with the address that the PROXY header gave, not with the balancer's. So the
    balancer's network in it never matches, and webmail sees the address that PROXY gave anyway; but a
    wide private range does match a client who comes from a private network, and that client then writes
    his own X-Forwarded-For: access lists, login limits and the log of webmail show what he wrote.

    ## Bad

    ```yaml values.yaml
    ports:
      websecure:
        proxyProtocol:
          trustedIPs: [192.0.2.10]
        forwardedHeaders:
          trustedIPs: [192.0.2.10]
    ```

    ## Good

    ```yaml values.yaml
    ports:
      websecure:
        proxyProtocol:
          trustedIPs: [192.0.2.10]
    ```

    ## How to fix

    Remove `forwardedHeaders.trustedIPs` from entry points whose balancer sends PROXY. Keep it only where
    the PROXY header itself states a proxy's address, as with a delivery network before the balancer, and
    then write that network's published ranges.

    ## Sources

    - traefik/traefik@v3.7.9 `pkg/server/server_entrypoint_tcp.go`,
      `pkg/middlewares/forwardedheaders/forwarded_header.go`
    """
    del walks, settings
    return merged(_reports(graph))


def _reports(graph: HopGraph) -> Iterator[Report]:
    published = [ranges for name, ranges in graph.networks.other.items() if name.startswith("cdn:")]
    for listener in graph.listeners:
        forwarded = listener.forwarded
        if not listener.proxy.is_on or forwarded is None or forwarded.trusts is None:
            continue
        trusts = forwarded.trusts
        if not is_live(trusts) or trusts.trusts_everyone or not trusts.addresses:
            continue
        if any(ranges.covers(trusts.addresses) for ranges in published):
            continue
        yield Report(
            at=trusts.at,
            message=f"{trusts.name} is compared with the address that the PROXY header of {listener} gives",
            help="remove the list: behind a PROXY header the balancer's network never matches it",
            related=(here(listener),),
        )
