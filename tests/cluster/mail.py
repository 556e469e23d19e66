"""mailstack on the node: how it is installed, and what of it must stay."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from tests.chart.helm import CHART
from tests.cluster.api import Object
from tests.cluster.images import stand_in
from tests.cluster.node import Node

RELEASE = "mail"
#: The fewest values there are; the rest is made by the cluster.
VALUES: Mapping[str, object] = {
    "hostname": "mail.example.com",
    "tls.source": "selfSigned",
    "clientAddress.platform": "k3s",
}
#: Stands where the mda's image would: it answers where the probes ask.
MDA = stand_in("jeboehm/mailserver-mda:8.0.0", 32143, user="1000")


@dataclass(frozen=True)
class Mail:
    """A release in a namespace, by one of the Helms; a prefix where the chart is part of another."""

    node: Node
    namespace: str
    major: int
    chart: str = str(CHART)
    prefix: str = ""

    def install(self, **values: object) -> str:
        """Installs it by the fewest values and others: a path with __ for each dot."""
        return self._helm("install", RELEASE, self.chart, *self._sets(values))

    def upgrade(self, **values: object) -> str:
        """Moves it to other values."""
        return self._helm("upgrade", RELEASE, self.chart, *self._sets(values))

    def rollback(self, revision: int) -> str:
        """Moves it back."""
        return self._helm("rollback", RELEASE, str(revision))

    def uninstall(self) -> str:
        """Removes it."""
        return self._helm("uninstall", RELEASE)

    def manifest(self) -> str:
        """What it is made of."""
        return self._helm("get", "manifest", RELEASE)

    def notes(self) -> str:
        """What was printed to whoever installed it."""
        return self._helm("get", "notes", RELEASE)

    def test(self, *names: str) -> str:
        """Runs some of its own tests, which fail where one does."""
        told = ",".join(f"name={name}" for name in names)
        return self._helm("test", RELEASE, "--filter", told)

    def find(self, kind: str, name: str) -> Object:
        """An object of the release, its kind in kubectl's words."""
        said = self.node.kubectl("get", kind, name, "-n", self.namespace, "-o", "json")
        found = json.loads(said)
        assert isinstance(found, dict)
        return found

    def kept(self) -> dict[str, object]:
        """What must outlive upgrades and the release itself: data of Secrets, identities of claims."""
        where = f"/api/v1/namespaces/{self.namespace}"
        selector = f"?labelSelector=app.kubernetes.io/instance={RELEASE}"
        secrets = self.node.api.items(f"{where}/secrets{selector}")
        claims = self.node.api.items(f"{where}/persistentvolumeclaims{selector}")
        found: dict[str, object] = {one["metadata"]["name"]: one["data"] for one in secrets}
        return found | {f"claim {one['metadata']['name']}": one["metadata"]["uid"] for one in claims}

    def _sets(self, values: Mapping[str, object]) -> list[str]:
        named = {**VALUES, **{path.replace("__", "."): value for path, value in values.items()}}
        told = [(f"{self.prefix}{path}", json.dumps(value)) for path, value in named.items()]
        return [word for path, value in told for word in ("--set-json", f"{path}={value}")]

    def _helm(self, *words: str) -> str:
        return self.node.helm(self.major, *words, "--namespace", self.namespace)
