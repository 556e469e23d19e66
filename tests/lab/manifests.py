"""What truehop is given to read of a row: its objects in a cluster, and what stands before it.

As JSON, which is YAML too and quicker to write.
"""

from __future__ import annotations

import json

from tests.lab import proxies, servers
from tests.lab.places import network_of
from tests.lab.stage import trusts_of
from tests.lab.table import Row

#: What balancers send. One that is silent hides the source all the same.
SENDS = {"none": "none", "silent": "none", "v1": "v1", "v2": "v2", "haproxy": "v2", "nginx": "v1"}
#: The port of the image that plays the web, which the lab's own has at 80.
WEB_PORT = 8080
IMAGES = {"bookworm": "example.com/mail:1", "trixie": "dovecot/dovecot:2.4.1"}


def config_of(row: Row) -> str:
    """The ``truehop.yaml`` beside the row's manifests."""
    front = {
        "service": "mail/mail" if row.entry == "absent" else "edge/traefik",
        "sends": SENDS[row.balancer],
        "keepsSource": row.balancer == "none",
        **({} if row.balancer == "none" else {"from": [network_of("balancer", _family(row))]}),
    }
    networks = {
        "pods": [network_of("proxy", _family(row))],
        "nodes": ["192.168.9.0/24"],
        "loadBalancers": [network_of("balancer", _family(row))],
    }
    return json.dumps({"networks": networks, "front": [front]})


def _family(row: Row) -> int:
    """The family of the row's own connections."""
    return 6 if row.family in {"ipv6", "loopback"} else 4


def manifests_of(row: Row) -> str:
    """The row's objects."""
    direct = row.entry == "absent"
    objects = [_web(row)] if row.is_web else [_configuration(row), _mail(row)]
    objects.append(_service("mail", "mail", row, row.port, is_door=direct))
    if not direct:
        door = _service("edge", "traefik", row, row.door_port, is_door=True)
        objects += [_traefik(row), door, _web_route(row) if row.is_web else _route(row)]
        if row.router == "https":
            web = {"match": "PathPrefix(`/`)", "kind": "Rule", "services": [{"name": "web", "port": 80}]}
            objects.append(_object("IngressRoute", "web", "web", {"routes": [web], "tls": {}}))
        objects.append(_object("ServersTransportTCP", "mail", "plain", {"dialTimeout": "5s"}))
    return "\n---\n".join(json.dumps(made) for made in objects)


def _object(kind: str, namespace: str, name: str, spec: object, *, key: str = "spec") -> dict[str, object]:
    groups = {"Deployment": "apps/v1", "Service": "v1", "ConfigMap": "v1"}
    made = {"apiVersion": groups.get(kind, "traefik.io/v1alpha1"), "kind": kind}
    return {**made, "metadata": {"name": name, "namespace": namespace}, key: spec}


def _configuration(row: Row) -> dict[str, object]:
    if row.is_postfix:
        files = {"main.cf": servers.MAIN, "master.cf": servers.postfix_master([row])}
    else:
        files = {"dovecot.conf": servers.dovecot([row], row.suite, trusts_of(row))}
    return _object("ConfigMap", "mail", "mail", files, key="data")


def _deployment(namespace: str, name: str, template: dict[str, object]) -> dict[str, object]:
    labels = {"app": name}
    made = {"metadata": {"labels": labels}, "spec": template}
    return _object("Deployment", namespace, name, {"selector": {"matchLabels": labels}, "template": made})


def _mail(row: Row) -> dict[str, object]:
    container: dict[str, object] = {
        "name": "mail",
        "image": "example.com/postfix:3.7" if row.is_postfix else IMAGES[row.suite],
        "ports": [{"containerPort": row.port}],
        "volumeMounts": [
            {"name": "config", "mountPath": "/etc/postfix" if row.is_postfix else "/etc/dovecot"}
        ],
    }
    if row.backend in servers.IN_VARIABLES:
        container["env"] = [{"name": servers.VARIABLE, "value": servers.TRUSTED[row.backend]}]
    volumes = [{"name": "config", "configMap": {"name": "mail"}}]
    return _deployment("mail", "mail", {"containers": [container], "volumes": volumes})


def _web(row: Row) -> dict[str, object]:
    """A web that reads forwarded headers as the lab's own does: as Symfony's documents say."""
    container = {
        "name": "web",
        "image": "jeboehm/mailserver-web:8.0.0",
        "env": [{"name": "TRUSTED_PROXIES", "value": ",".join(servers.BELIEVED[row.backend])}],
    }
    return _deployment("mail", "mail", {"containers": [container]})


def _traefik(row: Row) -> dict[str, object]:
    container = {
        "name": "traefik",
        "image": "traefik:v3.6.12",
        "args": proxies.entry_flags(row, f":{row.door_port}"),
    }
    return _deployment("edge", "traefik", {"containers": [container]})


def _service(namespace: str, name: str, row: Row, port: int, *, is_door: bool) -> dict[str, object]:
    inner = WEB_PORT if row.is_web and name == "mail" else port
    spec: dict[str, object] = {"selector": {"app": name}, "ports": [{"port": port, "targetPort": inner}]}
    spec["ipFamilies"] = [f"IPv{_family(row)}"]
    if is_door:
        spec |= {"type": "LoadBalancer", "externalTrafficPolicy": "Local"}
    return _object("Service", namespace, name, spec)


def _route(row: Row) -> dict[str, object]:
    service: dict[str, object] = {"name": "mail", "port": row.port}
    if row.link in proxies.VERSIONS:
        service["proxyProtocol"] = {"version": proxies.VERSIONS[row.link]}
    if row.link == "cancelled":
        service["serversTransport"] = "plain"
    spec: dict[str, object] = {
        "entryPoints": [f"row{row.number}"],
        "routes": [{"match": proxies.host_rule(row), "services": [service]}],
    }
    if row.router in {"tls", "sni"}:
        spec["tls"] = {"passthrough": True}
    if row.router == "terminates":
        spec["tls"] = {"options": {"name": "strict"}}
    return _object("IngressRouteTCP", "mail", "mail", spec)


def _web_route(row: Row) -> dict[str, object]:
    rule = {"match": "PathPrefix(`/`)", "kind": "Rule", "services": [{"name": "mail", "port": row.port}]}
    spec: dict[str, object] = {"entryPoints": [f"row{row.number}"], "routes": [rule]}
    return _object("IngressRoute", "mail", "mail", {**spec, "tls": {}} if row.router == "http-tls" else spec)
