"""What stands before the servers: Traefik's flags and routes, HAProxy and nginx as balancers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.lab.places import both_networks_of, network_of
from tests.lab.table import Row

BALANCERS = both_networks_of("balancer")
#: A network that no part of any row is in.
NOBODY = "10.9.0.0/16"
MAPPED = "::ffff:0:0/96"
LOOPBACK = ("127.0.0.0/8", "::1")
_COVERS = f"proxyProtocol.trustedIPs={','.join(BALANCERS)}"
_MISSES = f"proxyProtocol.trustedIPs={NOBODY}"
#: What each word of the column says to Traefik below ``--entryPoints.NAME.``.
ENTRIES: dict[str, tuple[str, ...]] = {
    "deaf": (),
    "bare": ("proxyProtocol",),
    "covers": (_COVERS,),
    "misses": (_MISSES,),
    "insecure": ("proxyProtocol.insecure=true",),
    "insecure-list": ("proxyProtocol.insecure=true", _MISSES),
    "invalid": ("proxyProtocol.trustedIPs=private",),
    "repeated": (_COVERS, _MISSES),
    "ipv4-list": (f"proxyProtocol.trustedIPs={network_of('balancer')}",),
    "mapped-list": (f"proxyProtocol.trustedIPs={MAPPED}",),
    "loopback-list": (f"proxyProtocol.trustedIPs={','.join(LOOPBACK)}",),
}
FORWARDED: dict[str, tuple[str, ...]] = {
    "off": (),
    "covers": (f"forwardedHeaders.trustedIPs={','.join(BALANCERS)}",),
    "misses": (f"forwardedHeaders.trustedIPs={NOBODY}",),
    "insecure": ("forwardedHeaders.insecure=true",),
}
VERSIONS = {"v1": 1, "v2": 2, "cancelled": 2}
#: The name that clients ask for where a route goes by it.
NAME = "mail.example.com"
#: TLS options that an object names, as an IngressRouteTCP does.
OPTIONS = {"strict": {"minVersion": "VersionTLS12"}}


def entry_flags(row: Row, address: str) -> list[str]:
    """The flags of a row's entry point, named after its number, on an address."""
    own = f"--entryPoints.row{row.number}"
    said = (*ENTRIES[row.entry], *FORWARDED[row.forwarded])
    return [f"{own}.address={address}", *(f"{own}.{flag}" for flag in said)]


def host_rule(row: Row) -> str:
    """The rule of a row's TCP route."""
    return f"HostSNI(`{NAME}`)" if row.router == "sni" else "HostSNI(`*`)"


def file_routes(rows: Iterable[Row]) -> dict[str, object]:
    """The routes as Traefik's file provider reads them: what it makes of the same objects of a cluster."""
    tcp: dict[str, dict[str, object]] = {"routers": {}, "services": {}}
    http: dict[str, dict[str, object]] = {"routers": {}, "services": {}}
    for row in rows:
        name = f"row{row.number}"
        if row.is_web:
            rule = {"entryPoints": [name], "rule": "PathPrefix(`/`)", "service": name}
            http["routers"][name] = {**rule, "tls": {}} if row.router == "http-tls" else rule
            http["services"][name] = {
                "loadBalancer": {"servers": [{"url": f"http://{row.socket('server')}"}]}
            }
            continue
        tcp["routers"][name] = {"entryPoints": [name], "rule": host_rule(row), "service": name, **_tls(row)}
        tcp["services"][name] = {"loadBalancer": _servers(row)}
        if row.router == "https":
            http["routers"][name] = {"rule": "PathPrefix(`/`)", "service": "noop@internal", "tls": {}}
    found: dict[str, object] = {"tls": {"options": OPTIONS}}
    if tcp["routers"]:
        found["tcp"] = {**tcp, "serversTransports": {"plain": {"dialTimeout": "5s"}}}
    if http["routers"]:
        found["http"] = {kind: named for kind, named in http.items() if named}
    return found


def _tls(row: Row) -> dict[str, object]:
    if row.router in {"tls", "sni"}:
        return {"tls": {"passthrough": True}}
    return {"tls": {"options": "strict"}} if row.router == "terminates" else {}


def _servers(row: Row) -> dict[str, object]:
    balancer: dict[str, object] = {"servers": [{"address": row.socket("server")}]}
    if row.link in VERSIONS:
        balancer["proxyProtocol"] = {"version": VERSIONS[row.link]}
    if row.link == "cancelled":
        balancer["serversTransport"] = "plain"
    return balancer


def target(row: Row) -> str:
    """The part that a row's balancer sends to."""
    return "server" if row.entry == "absent" else "entry"


def haproxy(rows: Iterable[Row]) -> str:
    """HAProxy, which sends v2 headers."""
    return "".join(_haproxy(rows))


def _haproxy(rows: Iterable[Row]) -> Iterator[str]:
    yield "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 100s\n  timeout server 100s\n"
    for row in rows:
        own = row.socket("balancer", 0)
        yield f"listen row{row.number}\n  bind {row.socket('balancer')}\n"
        yield f"  server next {row.socket(target(row))} send-proxy-v2 source {own}\n"


def nginx(rows: Iterable[Row]) -> str:
    """nginx, which sends v1 headers."""
    return "".join(_nginx(rows))


def _nginx(rows: Iterable[Row]) -> Iterator[str]:
    yield "load_module modules/ngx_stream_module.so;\ndaemon off;\n"
    yield "events { worker_connections 4096; }\nstream {\n"
    for row in rows:
        yield f"  server {{\n    listen {row.socket('balancer')};\n"
        yield f"    proxy_pass {row.socket(target(row))};\n    proxy_bind {row.address('balancer')};\n"
        yield "    proxy_protocol on;\n    proxy_timeout 100s;\n  }\n"
    yield "}\n"
