"""What stands before the servers: Traefik's flags and routes, HAProxy and nginx as balancers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.lab.table import Row, network_of

BALANCERS = network_of("balancer")
#: A network that no part of any row is in.
NOBODY = "10.9.0.0/16"
#: What each word of the column says to Traefik below ``--entryPoints.NAME.``.
ENTRIES: dict[str, tuple[str, ...]] = {
    "deaf": (),
    "bare": ("proxyProtocol",),
    "covers": (f"proxyProtocol.trustedIPs={BALANCERS}",),
    "misses": (f"proxyProtocol.trustedIPs={NOBODY}",),
    "insecure": ("proxyProtocol.insecure=true",),
    "insecure-list": ("proxyProtocol.insecure=true", f"proxyProtocol.trustedIPs={NOBODY}"),
    "invalid": ("proxyProtocol.trustedIPs=private",),
    "repeated": (f"proxyProtocol.trustedIPs={BALANCERS}", f"proxyProtocol.trustedIPs={NOBODY}"),
}
VERSIONS = {"v1": 1, "v2": 2, "cancelled": 2}


def entry_flags(row: Row, address: str) -> list[str]:
    """The flags of a row's entry point, named after its number, on an address."""
    own = f"--entryPoints.row{row.number}"
    return [f"{own}.address={address}", *(f"{own}.{flag}" for flag in ENTRIES[row.entry])]


def file_routes(rows: Iterable[Row]) -> dict[str, object]:
    """The routes as Traefik's file provider reads them: what it makes of the same IngressRouteTCP objects."""
    routers: dict[str, object] = {}
    services: dict[str, object] = {}
    http: dict[str, object] = {}
    for row in rows:
        name = f"row{row.number}"
        router: dict[str, object] = {"entryPoints": [name], "rule": "HostSNI(`*`)", "service": name}
        if row.router == "tls":
            router["tls"] = {"passthrough": True}
        if row.router == "https":
            http[name] = {"rule": "PathPrefix(`/`)", "service": "noop@internal", "tls": {}}
        routers[name] = router
        balancer: dict[str, object] = {"servers": [{"address": f"{row.address('server')}:{row.port}"}]}
        if row.link in VERSIONS:
            balancer["proxyProtocol"] = {"version": VERSIONS[row.link]}
        if row.link == "cancelled":
            balancer["serversTransport"] = "plain"
        services[name] = {"loadBalancer": balancer}
    transports = {"plain": {"dialTimeout": "5s"}}
    tcp = {"routers": routers, "services": services, "serversTransports": transports}
    return {"tcp": tcp, "http": {"routers": http}} if http else {"tcp": tcp}


def target(row: Row) -> str:
    """Where a row's balancer sends to."""
    return row.address("server" if row.entry == "absent" else "entry")


def haproxy(rows: Iterable[Row]) -> str:
    """HAProxy, which sends v2 headers."""
    return "".join(_haproxy(rows))


def _haproxy(rows: Iterable[Row]) -> Iterator[str]:
    yield "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 100s\n  timeout server 100s\n"
    for row in rows:
        own = row.address("balancer")
        yield f"listen row{row.number}\n  bind {own}:{row.port}\n"
        yield f"  server next {target(row)}:{row.port} send-proxy-v2 source {own}\n"


def nginx(rows: Iterable[Row]) -> str:
    """nginx, which sends v1 headers."""
    return "".join(_nginx(rows))


def _nginx(rows: Iterable[Row]) -> Iterator[str]:
    yield "load_module modules/ngx_stream_module.so;\ndaemon off;\nevents {}\nstream {\n"
    for row in rows:
        own = row.address("balancer")
        yield f"  server {{\n    listen {own}:{row.port};\n    proxy_pass {target(row)}:{row.port};\n"
        yield f"    proxy_bind {own};\n    proxy_protocol on;\n    proxy_timeout 100s;\n  }}\n"
    yield "}\n"
