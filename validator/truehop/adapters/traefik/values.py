"""The official chart's values: what Traefik will be told, and the Services it will stand behind."""

from __future__ import annotations

from collections.abc import Iterator

from truehop.adapters.readings import Reading, ServiceDraft, ServicePortDraft
from truehop.adapters.traefik.chart import Port, is_exposed, is_truthy, put_port, read_ports
from truehop.adapters.traefik.flags import Flag, read_flags, tree_of
from truehop.adapters.traefik.misplaced import port_switches, service_switches
from truehop.adapters.traefik.readings import make_reading, with_hop
from truehop.adapters.traefik.settings import Setting, root
from truehop.adapters.traefik.shape import handed_ports, own_values
from truehop.adapters.traefik.tlsoptions import read_option
from truehop.adapters.traefik.variables import LIKE
from truehop.adapters.traefik.versions import VersionRange, app_version, at_least, parse_range
from truehop.kube.images import ImageRef
from truehop.model.facts import Basis, Fact, ObjectRef, Tri
from truehop.model.hops import Effect, Switch
from truehop.source.tree import Cursor

#: The kind of reference that stands for a file of values, which names no release.
VALUES_KIND = "Traefik values"


def _version(values: Cursor, chart: VersionRange | None, chart_text: str | None) -> Fact[str] | None:
    """The program's version: the image's tag, else what the chart release installs."""
    for place in (values.get("versionOverride"), values.get("image", "tag")):
        version = ImageRef(None, "traefik", place.string()).version if place.text and place.string() else None
        if version:
            return Fact(version, place.location(), origin=f"{place.path[-1]} {place.string()}")
        if place.string():
            return None
    app = app_version(chart)
    return Fact(app, None, Basis.DEFAULT, f"chart {chart_text}") if app else None


def _flags(values: Cursor, key: str) -> list[Flag]:
    texts = [entry.text for entry in values.get(key).items()]
    return [flag for text in texts if text is not None for flag in read_flags([text])]


def _moved_addresses(flags: list[Flag], ports: list[Port]) -> Iterator[Switch]:
    """Addresses of the chart's own entry points given again: the Service still leads to the chart's port."""
    by_name = {port.name.lower(): port for port in ports}
    for flag in flags:
        name = flag.key.removeprefix("entrypoints.").removesuffix(".address")
        port = by_name.get(name) if flag.key == f"entrypoints.{name}.address" else None
        if port is None or flag.value is None:
            continue
        number = flag.value.value.partition("/")[0].rpartition(":")[2]
        if number.isdigit() and int(number) != port.number:
            place = port.place.get("port")
            yield Switch(
                flag.written,
                flag.value.value,
                flag.token.location(),
                Effect.CANCELLED,
                f"the chart's container port and Service lead to {port.number}, where nothing listens then",
                instead=f"ports.{port.name}.port",
                other=place.location() if place.exists else None,
            )


def _variables(values: Cursor) -> Iterator[Switch]:
    for entry in values.get("env").items():
        name = entry.get("name")
        if LIKE.match(name.string()):
            yield Switch(
                name.string(),
                "",
                name.location(),
                Effect.IGNORED,
                "the chart always passes flags, and with any flag given all TRAEFIK_ variables are ignored",
                instead="ports or additionalArguments",
            )


def _static(
    values: Cursor, ports: list[Port], chart: VersionRange | None
) -> tuple[Setting, list[Switch], list[Flag]]:
    tree = root(values.location())
    for port in ports:
        put_port(tree, port, chart)
    insecure = values.get("api", "insecure")
    if is_truthy(insecure):
        setting = tree.put(("api", "insecure"), insecure.key_location())
        setting.value, setting.at, setting.is_given = "true", insecure.location(), True
    for key, path in (("kubernetesCRD", "kubernetescrd"), ("kubernetesIngress", "kubernetesingress")):
        enabled = values.get("providers", key, "enabled")
        if is_truthy(enabled) or not enabled.exists:
            tree.put(("providers", path), enabled.key_location(), Basis.DEFAULT).is_given = True
    if is_truthy(values.get("providers", "kubernetesGateway", "enabled")):
        tree.put(("providers", "kubernetesgateway"), values.get("providers").key_location()).is_given = True
    metrics = values.get("metrics", "prometheus", "entryPoint")
    tree.put(
        ("metrics", "prometheus", "entryPoint"), metrics.key_location(), Basis.DEFAULT
    ).value = metrics.string("metrics")
    flags = [*_flags(values, "globalArguments"), *_flags(values, "additionalArguments")]
    tree, switches = tree_of(flags, tree)
    return tree, switches, flags


def _service_type(service: Cursor, chart: VersionRange | None) -> Fact[str]:
    """``service.spec.type`` since 40.0.0, ``service.type`` before."""
    new, old = service.get("spec", "type"), service.get("type")
    since = at_least(chart, "40.0.0")
    places = {Tri.YES: (new,), Tri.NO: (old,)}.get(since, (new, old))
    for place in places:
        if place.string():
            return Fact(place.string(), place.location())
    return Fact("LoadBalancer", service.key_location(), Basis.DEFAULT, "the chart's default type")


def _port_drafts(ports: list[Port], service: str) -> list[ServicePortDraft]:
    drafts = []
    for port in ports:
        exposed = port.is_exposed if service == "default" else is_exposed(port.place, service, default=False)
        place = port.place
        if port.is_udp or not exposed:
            continue
        at = next((place.get(key) for key in ("exposedPort", "port") if place.get(key).exists), place)
        drafts.append(
            ServicePortDraft(
                port.public or port.number,
                place.get("targetPort").string() or port.name,
                at.location() if at.is_scalar else at.key_location(),
                place.get("nodePort").integer(),
                place.get("hostPort").integer(),
            )
        )
    return drafts


def _draft(
    service: Cursor, ref: ObjectRef, ports: list[Port], name: str, chart: VersionRange | None
) -> ServiceDraft:
    policy = service.get("spec", "externalTrafficPolicy")
    fact = (
        Fact(policy.string(), policy.location())
        if policy.string()
        else Fact("Cluster", policy.location(), Basis.DEFAULT)
    )
    return ServiceDraft(
        ref,
        _service_type(service, chart),
        service.key_location(),
        _port_drafts(ports, name),
        fact,
        service.get("spec"),
        service.get("annotations"),
    )


def _services(
    values: Cursor, ref: ObjectRef, namespace: str | None, ports: list[Port], chart: VersionRange | None
) -> Iterator[ServiceDraft]:
    service = values.get("service")
    # The chart's own name for its objects; a file of values does not say the release.
    release = ref.name if "traefik" in ref.name else f"{ref.name}-traefik"
    if ref.kind == VALUES_KIND:
        release = "traefik"
    name = values.get("fullnameOverride").string() or release
    if service.get("enabled").boolean() is not False:
        own = service.get("nameOverride").string() or name
        yield _draft(service, ObjectRef("Service", own, namespace), ports, "default", chart)
    for extra, place in service.get("additionalServices").entries():
        if place.is_mapping and place.get("enabled").boolean() is not False:
            yield _draft(place, ObjectRef("Service", f"{name}-{extra}", namespace), ports, extra, chart)
    hidden = [
        port
        for port in ports
        if port.place.get("hostPort").integer() and not port.is_exposed and not port.is_udp
    ]
    if hidden:
        yield ServiceDraft(
            ObjectRef("Service", f"{name}-host-ports", namespace),
            Fact("ClusterIP", basis=Basis.DEFAULT, origin="no Service, only ports of the node"),
            hidden[0].place.key_location(),
            [
                ServicePortDraft(
                    port.number,
                    port.name,
                    port.place.get("hostPort").location(),
                    host_port=port.place.get("hostPort").integer(),
                )
                for port in hidden
            ],
        )


def _handed(ports_place: Cursor, chart: VersionRange | None, ref: ObjectRef) -> Reading:
    """Entry points that a parent chart hands on: all that is known of that Traefik."""
    ports = list(read_ports(ports_place, chart, with_defaults=False))
    tree = root(ports_place.location())
    for port in ports:
        put_port(tree, port, chart)
    reading = make_reading(tree, ref=ref, at=ports_place.key_location(), version=None, on_host_network=False)
    reading.knows_all_entries, reading.default_entries = False, None
    return reading


def read_values(
    values: Cursor, *, chart_version: str | None, ref: ObjectRef, namespace: str | None
) -> Reading | None:
    """The Traefik that values describe; None where no mapping stands there.

    Values under ``traefik:`` (a subchart's) are found; whether values are Traefik's at all is the
    caller's question (:func:`looks_like_values`), since a release that names the chart may say very little.
    """
    place = own_values(values)
    chart = parse_range(chart_version)
    if place is None:
        handed = next(handed_ports(values), None)
        if handed is not None:
            return _handed(handed, chart, ref)
        place = values
    if not place.is_mapping:
        return None
    ports = list(read_ports(place.get("ports"), chart))
    static, switches, flags = _static(place, ports, chart)
    is_host = bool(place.get("hostNetwork").boolean())
    if not is_host:
        switches += _moved_addresses(flags, ports)
    switches += _variables(place)
    for name, port in place.get("ports").entries():
        switches += port_switches(name, port, chart)
    switches += service_switches(place, chart)
    reading = make_reading(
        static,
        ref=ref,
        at=place.key_location(),
        version=_version(place, chart, chart_version),
        on_host_network=is_host,
    )
    reading.switches = with_hop(switches, reading.hop) + reading.switches
    reading.services = list(_services(place, ref, namespace, ports, chart))
    reading.tls_policies = [
        read_option(option, name) for name, option in place.get("tlsOptions").entries() if option.is_mapping
    ]
    return reading
