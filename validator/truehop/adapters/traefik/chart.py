"""The official chart's ``ports``: defaults by version, and the flags they become.

traefik/traefik-helm-chart@v41.3.0 ``traefik/values.yaml`` and ``traefik/templates/_podtemplate.tpl``, with
the differences of older releases as its ``Changelog.md`` and their tags have them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from truehop.adapters.traefik.settings import Setting, split_list
from truehop.adapters.traefik.versions import VersionRange, at_least
from truehop.model.facts import Basis, Tri
from truehop.source.tree import Cursor


@dataclass(frozen=True, slots=True, eq=False)
class Port:
    """One port of the chart: its values, and what holds where they are silent."""

    name: str
    place: Cursor
    number: int
    public: int | None
    is_exposed: bool
    has_tls: bool = False

    @property
    def is_udp(self) -> bool:
        """Whether it carries UDP."""
        return self.place.get("protocol").string("TCP").upper() == "UDP"


def is_truthy(place: Cursor) -> bool:
    """Whether a Go template takes the value for true: any text that is not empty, even ``"false"``."""
    if place.is_scalar:
        truth = place.boolean()
        return truth if truth is not None else place.string() not in {"", "0"}
    return any(True for _ in place.entries()) or any(True for _ in place.items())


def _defaults(chart: VersionRange | None) -> dict[str, tuple[int, int, bool, bool]]:
    """Listen port, Service port, whether exposed, whether TLS, of the chart's own ports."""
    internal = 9000 if at_least(chart, "33.0.0") is Tri.NO else 8080
    found = {
        "traefik": (internal, internal, False, False),
        "web": (8000, 80, True, False),
        "websecure": (8443, 443, True, at_least(chart, "15.0.0") is not Tri.NO),
    }
    if at_least(chart, "10.1.0") is not Tri.NO:
        found["metrics"] = (9100, 9100, False, False)
    return found


def is_exposed(port: Cursor, service: str, default: bool) -> bool:
    """Whether a port stands in a Service: ``expose`` by the Service's name since 27.0.0, a boolean before."""
    expose = port.get("expose")
    if expose.is_mapping:
        named = expose.get(service)
        return is_truthy(named) if named.exists else default
    return is_truthy(expose) and service == "default" if expose.is_set else default


def read_ports(ports: Cursor, chart: VersionRange | None, *, with_defaults: bool = True) -> Iterator[Port]:
    """The ports that are in force: the chart's own and the user's, without those set to null."""
    defaults = _defaults(chart) if with_defaults else {}
    names = dict.fromkeys([*defaults, *(name for name, _ in ports.entries())])
    for name in names:
        place = ports.get(name)
        if place.exists and not place.is_mapping:
            continue
        number, public, exposed, tls = defaults.get(name, (0, 0, False, False))
        stated = place.get("port").integer() or number
        if not 0 < stated < 65_536:  # noqa: PLR2004 (the highest port is 65535)
            continue
        yield Port(
            name,
            place,
            stated,
            place.get("exposedPort").integer() or public or stated,
            is_exposed(place, "default", exposed),
            tls,
        )


def _copy(tree: Setting, path: tuple[str, ...], place: Cursor, value: str) -> Setting:
    setting = tree.put(path, place.key_location(), Basis.STATED if place.exists else Basis.DEFAULT)
    setting.is_given, setting.value, setting.at = True, value, place.location()
    return setting


def _trust(tree: Setting, path: tuple[str, ...], block: Cursor) -> None:
    """Lists become one flag, ``insecure`` a bare one; what is empty or false becomes nothing."""
    listed, insecure = block.get("trustedIPs"), block.get("insecure")
    if is_truthy(listed):
        setting = _copy(tree, (*path, "trustedIPs"), listed, "")
        texts = [entry.text for entry in listed.items()] if listed.is_sequence else [listed.text]
        for text in texts:
            if text is not None:
                setting.parts += split_list(text) or [text]
        setting.value = ",".join(part.value for part in setting.parts)
    if is_truthy(insecure):
        _copy(tree, (*path, "insecure"), insecure, "true")


def tls_of(port: Port, chart: VersionRange | None) -> Cursor:
    """Where the entry point's TLS is said: under ``http`` since 39.0.0, right under the port before."""
    old, new = port.place.get("tls"), port.place.get("http", "tls")
    since = at_least(chart, "39.0.0")
    if since is Tri.YES:
        return new
    return old if since is Tri.NO or old.exists else new


def redirect_of(port: Port, chart: VersionRange | None) -> Cursor | None:
    """The place that names where an entry point redirects to, in the form that the version knows."""
    places = [
        (port.place.get("redirectTo"), at_least(chart, "34.0.0") is not Tri.YES),
        (port.place.get("redirectTo", "port"), at_least(chart, "34.0.0") is not Tri.YES),
        (port.place.get("redirections", "entryPoint", "to"), at_least(chart, "39.0.0") is not Tri.YES),
        (port.place.get("http", "redirections", "entryPoint", "to"), at_least(chart, "39.0.0") is not Tri.NO),
    ]
    return next((place for place, known in places if known and place.string()), None)


def put_port(tree: Setting, port: Port, chart: VersionRange | None) -> None:
    """Put what a port's values become into the configuration."""
    path = ("entryPoints", port.name)
    _copy(tree, path, port.place, "")
    protocol = "udp" if port.is_udp else "tcp"
    _copy(tree, (*path, "address"), port.place.get("port"), f":{port.number}/{protocol}")
    if is_truthy(port.place.get("asDefault")):
        _copy(tree, (*path, "asDefault"), port.place.get("asDefault"), "true")
    if at_least(chart, "16.2.0") is not Tri.NO:
        for block in ("proxyProtocol", "forwardedHeaders"):
            _trust(tree, (*path, block), port.place.get(block))
    tls = tls_of(port, chart).get("enabled")
    if is_truthy(tls) if tls.exists else port.has_tls:
        _copy(tree, (*path, "http", "tls"), tls, "true")
    target = redirect_of(port, chart)
    if target is not None:
        _copy(tree, (*path, "http", "redirections", "entryPoint", "to"), target, target.string())
    timeout = port.place.get("transport", "respondingTimeouts", "readTimeout")
    if timeout.is_set:
        _copy(tree, (*path, "transport", "respondingTimeouts", "readTimeout"), timeout, timeout.string())
