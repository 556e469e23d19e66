"""Routes of the file provider."""

from __future__ import annotations

from textwrap import indent

import pytest

from truehop.adapters.readings import Reading
from truehop.model.facts import ObjectRef
from truehop.model.hops import Effect, RouterTls, Wire

from .hand import Sample, effects, read_one, traefik, with_file

FLAGS = ["--entrypoints.smtp.address=:25", "--providers.file.filename=/routes/dynamic.yaml"]
ROUTES = """\
tcp:
  routers:
    smtp:
      entryPoints: [smtp]
      rule: HostSNI(`*`)
      service: mta
  services:
    mta:
      loadBalancer:
        SETTING
        servers:
        - address: mta.mail.svc.cluster.local:25
"""


def provided(
    text: str, path: str = "/routes/dynamic.yaml", args: list[str] | None = None
) -> tuple[Reading, Sample]:
    return read_one(with_file(text, path, args or FLAGS))


@pytest.mark.parametrize(
    ("setting", "wire", "bad"),
    [
        ("", Wire.NONE, ""),
        ("proxyProtocol: {}", Wire.V2, ""),
        ("proxyProtocol: {version: 1}", Wire.V1, ""),
        ("ProxyProtocol: {version: 2}", Wire.V2, ""),
        ("proxyProtocol: {version: 3}", Wire.NONE, "3"),
    ],
)
def test_a_tcp_router_of_a_file_is_read(setting: str, wire: Wire, bad: str) -> None:
    reading, made = provided(ROUTES.replace("SETTING", setting))
    (router,) = reading.routers
    assert (router.protocol, router.provider, router.namespace) == ("tcp", "file", "edge")
    assert [made.cut(entry.at) for entry in router.entries] == ["smtp"]
    assert router.host_names == ("*",)
    (backend,) = router.backends
    assert (backend.service, backend.port) == (ObjectRef("Service", "mta", "mail"), "25")
    assert made.cut(backend.at) == "mta.mail.svc.cluster.local:25"
    assert (backend.sends.value, backend.bad_version) == (wire, bad)


def test_the_provider_is_told_to_be_on() -> None:
    assert provided(ROUTES.replace("SETTING", ""))[0].providers == ("file",)


@pytest.mark.parametrize(
    ("transport", "wire", "switched"),
    [
        ("proxyProtocol: {version: 2}", Wire.V2, False),
        ("proxyProtocol: {}", Wire.V2, False),
        ("proxyProtocol: {version: 1}", Wire.V1, True),
        ("dialTimeout: 1s", Wire.NONE, True),
    ],
)
def test_a_named_transport_decides_alone(transport: str, wire: Wire, switched: bool) -> None:
    text = ROUTES.replace("SETTING", "serversTransport: plain\n        proxyProtocol: {version: 2}")
    reading, _ = provided(text + f"  serversTransports:\n    plain:\n      {transport}\n")
    assert reading.routers[0].backends[0].sends.value is wire
    assert effects(reading.switches) == ([("proxyProtocol", Effect.CANCELLED)] if switched else [])


def test_a_transport_of_another_file_leaves_it_unknown() -> None:
    reading, _ = provided(ROUTES.replace("SETTING", "serversTransport: plain"))
    assert not reading.routers[0].backends[0].sends.is_known


def test_before_the_takeover_the_transport_does_not_count() -> None:
    text = with_file(
        ROUTES.replace("SETTING", "serversTransport: plain\n        proxyProtocol: {version: 2}"),
        "/routes/dynamic.yaml",
        FLAGS,
    )
    reading, _ = read_one(text.replace("v3.6.1", "v3.5.1"))
    assert reading.routers[0].backends[0].sends.value is Wire.V2


HTTP = """\
http:
  routers:
    webmail:
      rule: Host(`m.example`)
      service: web
      middlewares: [go]
    secure:
      rule: Host(`m.example`)
      service: pool
      tls: {options: strict}
    lost:
      rule: "Host('x')"
      service: api@internal
    silent: {}
  middlewares:
    go: {redirectScheme: {scheme: https}}
  services:
    web: {loadBalancer: {servers: [{url: "https://web.mail"}, {url: "http://10.0.0.5:8080/x"}, {url: "::"}]}}
    pool: {weighted: {services: [{name: web, weight: 1}]}}
tls:
  options:
    strict: {minVersion: VersionTLS12}
"""


def test_http_routers_of_a_file_are_read() -> None:
    reading, made = provided(HTTP)
    webmail, secure, lost, silent = reading.routers
    assert webmail.is_redirect
    assert [
        (backend.service.name, backend.port, backend.opaque, backend.dials_tls)
        for backend in webmail.backends
    ] == [("web", "443", "", True), ("10.0.0.5", "8080", "the address 10.0.0.5", False)]
    assert made.cut(webmail.entries_at) == "webmail"
    assert (secure.tls, secure.is_redirect) == (RouterTls.TERMINATES, False)
    assert len(secure.backends) == 2
    assert secure.backends[0].sends.value is Wire.XFF
    assert lost.match_problem
    assert lost.backends[0].opaque == "the service api@internal"
    assert (silent.match, silent.backends) == (None, [])
    assert [policy.name for policy in reading.tls_policies] == ["strict"]


def test_services_that_name_each_other_end() -> None:
    reading, _ = provided(
        "tcp:\n  routers: {a: {rule: 'HostSNI(`*`)', service: x}}\n"
        "  services: {x: {weighted: {services: [{name: x}]}}}\n"
    )
    assert reading.routers[0].backends[0].opaque


@pytest.mark.parametrize("path", ["/routes/dynamic.yaml", "/routes/dynamic.toml"])
def test_a_folder_of_files_is_read(path: str) -> None:
    text = ROUTES.replace("SETTING", "")
    if path.endswith("toml"):
        text = (
            '[tcp.routers.smtp]\nrule = "HostSNI(`*`)"\nservice = "mta"\n'
            '[[tcp.services.mta.loadBalancer.servers]]\naddress = "mta:25"\n'
        )
    reading, _ = provided(text, path, [FLAGS[0], "--providers.file.directory=/routes/"])
    assert [router.backends[0].service.name for router in reading.routers] == ["mta"]


@pytest.mark.parametrize(
    "flag", ["--providers.file.filename=/else/x.yaml", "--providers.file.directory=/routes"]
)
def test_files_that_are_not_in_the_input_are_a_gap(flag: str) -> None:
    text = traefik(
        [FLAGS[0], flag],
        more="volumeMounts: [{name: routes, mountPath: /routes}]",
        pod="volumes: [{name: routes, configMap: {name: routes}}]",
    )
    reading, made = read_one(text)
    assert [made.cut(gap.at) for gap in reading.gaps] == [flag.partition("=")[2]]
    assert not reading.routers


WATCHED = [FLAGS[0], "--providers.file.directory=/etc/traefik/dynamic"]
CONFIG = f"""\
apiVersion: v1
kind: ConfigMap
metadata: {{name: routes, namespace: edge}}
data:
  mail.yaml: |
{indent(ROUTES.replace("SETTING", "proxyProtocol: {version: 2}"), "    ")}
"""
KEYS = (
    "apiVersion: v1\nkind: Secret\nmetadata: {name: tls, namespace: edge}\n"
    "data: {tls.crt: LS0tLS0=, tls.key: LS0tLS0=}\n"
)
ROUTES_SOURCE = "configMap: {name: routes}"
CHOSEN = "configMap: {name: routes, items: [{key: mail.yaml, path: mail.yaml}]}"
KEYS_SOURCE = "secret: {name: tls}"
CHOSEN_KEYS = "secret: {name: tls, items: [{key: tls.crt, path: tls.crt}, {key: tls.key, path: tls.key}]}"
OPTIONAL = "configMap: {name: routes, optional: true}"


def projected(*sources: str, path: str = "/etc/traefik/dynamic", more: str = "") -> str:
    """A Traefik whose watched folder is put together from several sources."""
    listed = ", ".join(f"{{{source}}}" for source in sources)
    return traefik(
        WATCHED,
        more=f"volumeMounts: [{{name: dynamic, mountPath: {path}{more}}}]",
        pod=f"volumes: [{{name: dynamic, projected: {{sources: [{listed}]}}}}]",
    )


@pytest.mark.parametrize(
    "texts",
    [
        (projected(ROUTES_SOURCE, KEYS_SOURCE), CONFIG, KEYS),
        (projected(KEYS_SOURCE, CHOSEN), CONFIG, KEYS),
        (projected(CHOSEN, CHOSEN_KEYS), CONFIG),
        (projected(ROUTES_SOURCE, KEYS_SOURCE), CONFIG),
        (projected(OPTIONAL, "secret: {name: tls, optional: true}"), CONFIG),
        (
            projected(ROUTES_SOURCE, path="/etc/traefik/dynamic/mail.yaml", more=", subPath: mail.yaml"),
            CONFIG,
        ),
        (projected("configMap: {name: routes, items: [{key: mail.yaml, path: sub/mail.yml}]}"), CONFIG),
    ],
)
def test_routes_are_found_among_all_that_a_volume_puts_together(texts: tuple[str, ...]) -> None:
    reading, _ = read_one(*texts)
    assert [router.name for router in reading.routers] == ["tcp router smtp"]
    assert not reading.gaps
    assert reading.knows_all_routes


@pytest.mark.parametrize(
    ("source", "wants"),
    [
        (ROUTES_SOURCE, "ConfigMap edge/routes"),
        (CHOSEN, "ConfigMap edge/routes, key mail.yaml"),
        (OPTIONAL, "ConfigMap edge/routes"),
        ("secret: {name: routes}", "Secret edge/routes"),
    ],
)
@pytest.mark.parametrize("path", ["/etc/traefik/dynamic", "/etc/traefik/dynamic/more", "/etc/traefik"])
def test_routes_that_are_not_in_the_input_are_told(source: str, wants: str, path: str) -> None:
    source = source.replace("path: mail", "path: dynamic/mail") if path == "/etc/traefik" else source
    reading, _ = read_one(projected(source, path=path))
    assert [gap.wants for gap in reading.gaps] == [wants]
    assert not reading.knows_all_routes


def test_what_is_missing_beside_a_secret_is_told() -> None:
    reading, _ = read_one(projected(ROUTES_SOURCE, KEYS_SOURCE, "configMap: {name: more}"), CONFIG)
    assert [gap.wants for gap in reading.gaps] == ["ConfigMap edge/more"]
    assert len(reading.routers) == 1


def test_a_file_that_cannot_be_read_is_a_gap() -> None:
    for text in ("just words\n", "tcp: {{ range .x }}\n"):
        reading, made = provided(text)
        assert not reading.routers
        assert [made.cut(gap.at) for gap in reading.gaps] == ["dynamic.yaml"]


def test_other_files_of_a_folder_are_passed_over() -> None:
    reading, _ = provided("# words\n", "/routes/README.md", [FLAGS[0], "--providers.file.directory=/routes"])
    assert not reading.routers
    assert not reading.gaps
