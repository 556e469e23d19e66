"""What an object names exists: volumes, ports, Secrets, accounts; and policies agree with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.chart.helm import TOPOLOGIES, Object, Rendering, containers, pods, render

each_topology = pytest.mark.parametrize("topology", TOPOLOGIES)
#: Secrets that the values name, or that cert-manager makes; their keys are theirs to know.
FROM_OUTSIDE = {"mail-tls", "pull", "relay-login", "oauth-client", "mysql-credentials"}
COMPONENT = "app.kubernetes.io/component"
#: A Service for pods that cert-manager makes while it answers a challenge.
SOLVERS = "mail-acme-"
#: Callers without a policy of their own in the release's objects: hooks of set-up and test.
HOOKS = {"setup", "test"}
#: A pod that must find closed what is closed to strangers, so it is one.
STRANGER = "test-outsider"


def _workloads(rendering: Rendering) -> Iterator[tuple[str, Object, Object]]:
    yield from pods(rendering.objects)


def _names(rendering: Rendering, kind: str) -> set[str]:
    return {found["metadata"]["name"] for found in rendering.of_kind(kind)}


def _made_by_cert_manager(rendering: Rendering) -> set[str]:
    return {found["spec"]["secretName"] for found in rendering.of_kind("Certificate")}


@each_topology
def test_mounts_name_volumes_of_their_pod_and_every_volume_is_mounted(topology: str) -> None:
    for name, _, spec in _workloads(render(topology)):
        volumes = {volume["name"] for volume in spec.get("volumes", ())}
        mounted = {
            mount["name"] for container in containers(spec) for mount in container.get("volumeMounts", ())
        }
        assert mounted == volumes, name


def _sources(volume: Object) -> Iterator[tuple[str, str]]:
    for part in volume.get("projected", {}).get("sources", [volume]):
        if "configMap" in part:
            yield "ConfigMap", part["configMap"]["name"]
        if "secret" in part:
            yield "Secret", part["secret"].get("secretName") or part["secret"]["name"]
        if "persistentVolumeClaim" in part:
            yield "PersistentVolumeClaim", part["persistentVolumeClaim"]["claimName"]


@each_topology
def test_volumes_are_made_of_what_exists(topology: str) -> None:
    rendering = render(topology)
    secrets = _names(rendering, "Secret") | _made_by_cert_manager(rendering) | FROM_OUTSIDE
    known = {
        "ConfigMap": _names(rendering, "ConfigMap"),
        "Secret": secrets,
        "PersistentVolumeClaim": _names(rendering, "PersistentVolumeClaim"),
    }
    for name, _, spec in _workloads(rendering):
        for volume in spec.get("volumes", ()):
            missing = [(kind, wanted) for kind, wanted in _sources(volume) if wanted not in known[kind]]
            assert missing == [], f"{name}, volume {volume['name']}"


@each_topology
def test_environment_comes_from_keys_that_exist(topology: str) -> None:
    rendering = render(topology)
    data = {found["metadata"]["name"]: found.get("data", {}) for found in rendering.of_kind("Secret")}
    for name, _, spec in _workloads(rendering):
        for container in containers(spec):
            for entry in container.get("env", ()):
                ref = entry.get("valueFrom", {}).get("secretKeyRef")
                if ref and ref["name"] not in FROM_OUTSIDE:
                    assert ref["key"] in data[ref["name"]], f"{name}, {entry['name']}"


@each_topology
def test_every_generated_password_is_used(topology: str) -> None:
    rendering = render(topology)
    made = {key for found in rendering.of_kind("Secret") for key in found.get("data", {})}
    text = rendering.text.partition("kind: Secret\n")[2]
    refs = {
        entry["valueFrom"]["secretKeyRef"]["key"]
        for _, _, spec in _workloads(rendering)
        for container in containers(spec)
        for entry in container.get("env", ())
        if "secretKeyRef" in entry.get("valueFrom", {})
    }
    mounted = {
        item["key"]
        for _, _, spec in _workloads(rendering)
        for volume in spec.get("volumes", ())
        for item in volume.get("secret", {}).get("items", ())
    }
    assert text
    assert made - refs - mounted == set()


@each_topology
def test_services_lead_to_named_ports_of_the_pods_they_select(topology: str) -> None:
    rendering = render(topology)
    found = list(_workloads(rendering))
    for service in rendering.of_kind("Service"):
        if service["metadata"]["name"].startswith(SOLVERS):
            continue
        selector = service["spec"]["selector"].items()
        chosen = [spec for _, metadata, spec in found if selector <= metadata.get("labels", {}).items()]
        assert chosen, service["metadata"]["name"]
        for spec in chosen:
            names = {port["name"] for one in spec["containers"] for port in one.get("ports", ())}
            wanted = {port["targetPort"] for port in service["spec"]["ports"]}
            assert wanted <= names, service["metadata"]["name"]


@each_topology
def test_addresses_are_those_of_services(topology: str) -> None:
    """Wherever they stand: variables, configuration files, routes."""
    rendering = render(topology)
    services = {
        found["metadata"]["name"]: {str(port["port"]) for port in found["spec"]["ports"]}
        for found in rendering.of_kind("Service")
    }
    told = set(re.findall(r"([a-z0-9-]+)\.post\.svc(?:\.cluster\.local)?(?::(\d+))?", rendering.text))
    assert {name for name, _ in told} - set(services) == set()
    assert {(name, port) for name, port in told if port and port not in services[name]} == set()


@each_topology
def test_probes_ask_named_ports_of_their_container(topology: str) -> None:
    for name, _, spec in _workloads(render(topology)):
        for container in containers(spec):
            names = {port["name"] for port in container.get("ports", ())}
            for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
                for how in ("tcpSocket", "httpGet"):
                    asked = container.get(kind, {}).get(how, {}).get("port")
                    assert asked is None or asked in names, f"{name}, {container['name']}, {kind}"


@each_topology
def test_accounts_exist_one_for_each_workload(topology: str) -> None:
    rendering = render(topology)
    accounts = _names(rendering, "ServiceAccount")
    used = [
        spec["serviceAccountName"]
        for name, _, spec in _workloads(rendering)
        if not name.startswith(("Job ", "Pod "))
    ]
    assert set(used) <= accounts
    assert len(used) == len(set(used))


# --- network policies -----------------------------------------------------------------------------


def _peers(rule: Object, side: str) -> Iterator[str]:
    for peer in rule.get(side, ()):
        labels = peer.get("podSelector", {}).get("matchLabels", {})
        if COMPONENT in labels and "namespaceSelector" not in peer:
            yield labels[COMPONENT]


def _ports(rule: Object) -> Iterator[tuple[int, str]]:
    for port in rule.get("ports", ()):
        yield port["port"], port.get("protocol", "TCP")


def _policies(rendering: Rendering) -> dict[str, list[Object]]:
    """The policies of each component; on the host network none holds, so those count for nothing."""
    free = {
        metadata["labels"][COMPONENT]
        for _, metadata, spec in _workloads(rendering)
        if spec.get("hostNetwork")
    }
    found: dict[str, list[Object]] = {}
    for policy in rendering.of_kind("NetworkPolicy"):
        component = policy["spec"]["podSelector"]["matchLabels"][COMPONENT]
        if component not in free:
            found.setdefault(component, []).append(policy["spec"])
    return found


def _calls(policies: dict[str, list[Object]], way: str) -> set[tuple[str, str, int, str]]:
    """Who may call whom at which port, as the callers' policies say it, or as those of the called do."""
    side = {"egress": "to", "ingress": "from"}[way]
    found = set()
    for component, specs in policies.items():
        for spec in specs:
            for rule in spec.get(way, ()):
                for peer in _peers(rule, side):
                    caller, called = (component, peer) if way == "egress" else (peer, component)
                    found |= {(caller, called, port, protocol) for port, protocol in _ports(rule)}
    return found


@each_topology
def test_every_pod_is_closed_both_ways_by_a_policy(topology: str) -> None:
    rendering = render(topology)
    policies = _policies(rendering)
    for name, metadata, spec in _workloads(rendering):
        component = metadata["labels"][COMPONENT]
        specs = policies.get(component, [])
        types = {kind for policy in specs for kind in policy["policyTypes"]}
        is_free = spec.get("hostNetwork") or component == STRANGER
        assert is_free or types == {"Ingress", "Egress"}, name


@each_topology
def test_what_one_policy_lets_out_another_lets_in(topology: str) -> None:
    policies = _policies(render(topology))
    out, into = _calls(policies, "egress"), _calls(policies, "ingress")
    present = set(policies)
    for_all = {
        (component, *port)
        for component, specs in policies.items()
        for spec in specs
        for rule in spec.get("ingress", ())
        if "from" not in rule
        for port in _ports(rule)
    }
    assert {call for call in out - into if call[1] in present and call[1:] not in for_all} == set()
    assert {call for call in into - out if call[0] in present} == set()


@each_topology
def test_policies_open_ports_that_their_pods_have(topology: str) -> None:
    rendering = render(topology)
    policies = _policies(rendering)
    for name, metadata, spec in _workloads(rendering):
        open_ports = {
            port
            for policy in policies.get(metadata["labels"][COMPONENT], ())
            for rule in policy.get("ingress", ())
            for port, _ in _ports(rule)
        }
        own = {port["containerPort"] for one in spec["containers"] for port in one.get("ports", ())}
        assert open_ports <= own, name


@each_topology
def test_callers_are_components_that_are_there(topology: str) -> None:
    policies = _policies(render(topology))
    named = {name for call in _calls(policies, "egress") | _calls(policies, "ingress") for name in call[:2]}
    assert named - set(policies) - HOOKS == set()


@each_topology
def test_nobody_but_the_edge_reaches_what_reads_a_header(topology: str) -> None:
    """Ports that believe a PROXY header are named by no rule that admits another caller."""
    for component, specs in _policies(render(topology)).items():
        for spec in specs:
            public = {port for rule in spec.get("ingress", ()) for port, _ in _ports(rule) if port in PUBLIC}
            for rule in spec.get("ingress", ()):
                if {port for port, _ in _ports(rule)} & public and component in {"mta", "mda"}:
                    assert set(_peers(rule, "from")) <= {"edge"}


PUBLIC = {25, 465, 587, 31993, 31143, 31995, 31110, 34190}


def test_without_policies_there_are_none() -> None:
    assert render("full", {"networkPolicy": {"enabled": False}}).of_kind("NetworkPolicy") == []
