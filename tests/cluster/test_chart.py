"""The chart on a real API server: every topology is admitted, and nothing is lost on any way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.chart.helm import CHART, MAJORS, TOPOLOGIES, render
from tests.cluster.definitions import define
from tests.cluster.mail import MDA, Mail
from tests.cluster.node import Node
from tests.cluster.processes import FailedError

PARENT = {
    "apiVersion": "v2",
    "name": "platform",
    "version": "1.0.0",
    "dependencies": [{"name": "mailstack", "version": "*", "condition": "mailstack.enabled"}],
}


@pytest.fixture(scope="session", autouse=True)
def _kinds(node: Node) -> None:
    define(node, "traefik", "cert-manager", "prometheus-operator")


@pytest.fixture(params=MAJORS)
def mail(request: pytest.FixtureRequest, node: Node, namespace: str) -> Mail:
    return Mail(node, namespace, request.param)


@pytest.mark.parametrize("major", MAJORS)
@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_every_object_of_a_topology_is_admitted(
    topology: str, major: int, node: Node, namespace: str
) -> None:
    text = render(topology, major=major).text.replace("namespace: post\n", f"namespace: {namespace}\n")
    words = ("apply", "--server-side", "--dry-run=server", "--validate=strict", "-n", namespace, "-f", "-")
    said = node.kubectl(*words, stdin=text)
    assert "statefulset.apps/mail-mda serverside-applied (server dry run)" in said


def test_upgrades_rollback_uninstall_and_reinstall_keep_every_secret_and_claim(mail: Mail) -> None:
    mail.install(database__driver="mysql")
    kept = mail.kept()
    assert {"mail-secrets", "mail-tls", "mail-sieve", "claim mail-mda", "claim mail-database"} <= kept.keys()
    ways: list[Callable[[], str]] = [
        lambda: mail.upgrade(database__driver="mysql", mta__filterMime=True),
        lambda: mail.rollback(1),
        mail.uninstall,
        lambda: mail.install(database__driver="mysql"),
    ]
    for way in ways:
        way()
        assert mail.kept() == kept


def test_upgrade_goes_on_where_somebody_set_a_variable_by_hand(mail: Mail) -> None:
    mail.install()
    mail.node.kubectl("set", "env", "statefulset/mail-mta", "BY_HAND=1", "-n", mail.namespace)
    mail.upgrade(mta__waitTimeout="2m")
    [container] = [
        one
        for one in mail.find("statefulset", "mail-mta")["spec"]["template"]["spec"]["containers"]
        if one["name"] == "mta"
    ]
    values = {one["name"]: one.get("value") for one in container["env"]}
    assert (values["BY_HAND"], values["WAITSTART_TIMEOUT"]) == ("1", "2m")


def test_what_the_chart_sets_can_be_replaced_and_put_back(mail: Mail) -> None:
    mail.install()
    before = mail.find("statefulset", "mail-mta")["spec"]["template"]["spec"]
    mail.upgrade(
        mta__extraEnv=[{"name": "WAITSTART_TIMEOUT", "value": "3m"}],
        mta__extraVolumes=[{"name": "runtime", "emptyDir": {"medium": "Memory"}}],
        mta__extraVolumeMounts=[{"name": "runtime", "mountPath": "/var/lib/postfix", "subPath": "lib"}],
        mta__extraContainers=[
            {"name": "reload", "image": "jeboehm/mailserver-mta:8.0.0", "command": ["true"]}
        ],
        mta__extraInitContainers=[{"name": "first", "image": "jeboehm/mailserver-mta:8.0.0"}],
    )
    spec = mail.find("statefulset", "mail-mta")["spec"]["template"]["spec"]
    assert [one["name"] for one in spec["initContainers"]] == ["first", "prepare"]
    assert [one["name"] for one in spec["containers"]] == ["mta", "reload"]
    assert spec["containers"][1]["command"] == ["true"]
    mail.upgrade()
    assert mail.find("statefulset", "mail-mta")["spec"]["template"]["spec"] == before


def test_part_of_another_chart_is_installed_upgraded_and_switched_off(mail: Mail, tmp_path: Path) -> None:
    (tmp_path / "Chart.yaml").write_text(yaml.safe_dump(PARENT))
    shutil.copytree(CHART, tmp_path / "charts" / "mailstack")
    part = Mail(mail.node, mail.namespace, mail.major, str(tmp_path), "mailstack.")
    part.install(enabled=True)
    kept = part.kept()
    assert "mail-secrets" in kept
    part.upgrade(enabled=True, mta__filterMime=True)
    assert part.kept() == kept
    part.upgrade(enabled=False)
    assert part.kept() == kept
    assert mail.node.api.items(f"/apis/apps/v1/namespaces/{mail.namespace}/statefulsets") == []


def test_bad_image_is_healed_by_a_good_one_and_the_claim_grows(mail: Mail) -> None:
    mail.node.load(MDA)
    mail.install(mda__image__tag="7.9.9-nowhere", mda__image__pullPolicy="Never")
    where = f"/api/v1/namespaces/{mail.namespace}"

    def waits_for_its_image() -> bool:
        found = mail.node.api.find(f"{where}/pods/mail-mda-0") or {"status": {}}
        states = [one["state"].get("waiting", {}) for one in found["status"].get("containerStatuses", ())]
        return any(one.get("reason") == "ErrImageNeverPull" for one in states)

    mail.node.space.wait_until(waits_for_its_image, "the bad image cannot be had", seconds=60)
    mail.upgrade(mda__persistence__size="12Gi")
    mail.node.wait_for_pods(mail.namespace, "app.kubernetes.io/component=mda", seconds=120)
    mail.node.space.wait_until(
        lambda: mail.find("pvc", "mail-mda")["status"]["capacity"]["storage"] == "12Gi",
        "the claim has grown",
        seconds=20,
    )


def test_networks_are_read_from_the_nodes_where_that_is_wanted(mail: Mail) -> None:
    mail.install(clientAddress__platform="", clientAddress__front="metallb", clientAddress__discover=True)
    env = mail.find("statefulset", "mail-mda")["spec"]["template"]["spec"]["containers"][0]["env"]
    [trusted] = [one["value"] for one in env if one["name"] == "TRUSTED_PROXIES"]
    node = mail.node.api.items("/api/v1/nodes")[0]
    assert trusted.split(",") == sorted(node["spec"]["podCIDRs"])


def test_another_major_version_of_the_database_is_refused(mail: Mail) -> None:
    mail.install()
    with pytest.raises(FailedError, match=r"database\.images\.pgsql\.tag: .* files of pgsql-18"):
        mail.upgrade(database__images__pgsql__tag="17-alpine")
    with pytest.raises(FailedError, match=r"database\.driver: "):
        mail.upgrade(database__driver="mysql")


def test_ports_of_nodes_are_refused_where_pod_security_forbids_them(mail: Mail) -> None:
    label = "pod-security.kubernetes.io/enforce=baseline"
    mail.node.kubectl("label", "namespace", mail.namespace, label)
    with pytest.raises(FailedError, match=r"needs Pod Security level privileged"):
        mail.install(edge__exposure="hostPort")
    mail.install()
