"""Volumes for claims, made and grown by the tests themselves: folders of the node."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from tests.cluster.api import Api, Object, RefusedError

CLASS = "local"
PROVISIONER = "tests/folders"
VOLUMES = "/api/v1/persistentvolumes"
PAUSE = 0.2


def storage_class() -> Object:
    """The default class of the node, whose volumes may grow."""
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": CLASS, "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
        "provisioner": PROVISIONER,
        "allowVolumeExpansion": True,
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
    }


class Provisioner(threading.Thread):
    """Does what a provisioner and a resizer would, until it is stopped."""

    def __init__(self, api: Api, folder: Path) -> None:
        """The API server, and the folder that will hold those of the volumes."""
        super().__init__(name="provisioner", daemon=True)
        self._api = api
        self._folder = folder
        self._stopped = threading.Event()

    def run(self) -> None:
        """Round after round. The server may be away, or an object just changed: the next round sees."""
        while not self._stopped.wait(PAUSE):
            try:
                self.look()
            except (OSError, RefusedError):
                continue

    def stop(self) -> None:
        """Ends it."""
        self._stopped.set()
        self.join()

    def look(self) -> None:
        """One round over all claims and volumes."""
        volumes = {one["metadata"]["name"]: one for one in self._api.items(VOLUMES)}
        for claim in self._api.items("/api/v1/persistentvolumeclaims"):
            volume = volumes.get(claim["spec"].get("volumeName") or _volume_name(claim))
            if claim["spec"].get("storageClassName") != CLASS:
                continue
            if volume is None:
                self._provide(claim)
            elif claim["status"].get("phase") == "Bound":
                self._grow(claim, volume)
        for name, volume in volumes.items():
            released = volume["status"].get("phase") == "Released"
            if released and volume["spec"]["persistentVolumeReclaimPolicy"] == "Delete":
                self._api.delete(f"{VOLUMES}/{name}")
                shutil.rmtree(self._folder / name, ignore_errors=True)

    def _provide(self, claim: Object) -> None:
        # The scheduler names the node once a pod wants the claim.
        if "volume.kubernetes.io/selected-node" not in claim["metadata"].get("annotations", {}):
            return
        name = _volume_name(claim)
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        # As provisioners of folders do; most images' users are none that the node knows.
        folder.chmod(0o777)
        keys = ("name", "namespace", "uid")
        self._api.create(
            VOLUMES,
            {
                "apiVersion": "v1",
                "kind": "PersistentVolume",
                "metadata": {"name": name, "annotations": {"pv.kubernetes.io/provisioned-by": PROVISIONER}},
                "spec": {
                    "capacity": {"storage": _wanted(claim)},
                    "accessModes": claim["spec"]["accessModes"],
                    "persistentVolumeReclaimPolicy": "Delete",
                    "storageClassName": CLASS,
                    "hostPath": {"path": str(folder), "type": "Directory"},
                    "claimRef": {
                        "apiVersion": "v1",
                        "kind": "PersistentVolumeClaim",
                        **{key: claim["metadata"][key] for key in keys},
                    },
                },
            },
        )

    def _grow(self, claim: Object, volume: Object) -> None:
        wanted = _wanted(claim)
        if claim["status"]["capacity"]["storage"] == wanted:
            return
        self._api.patch(
            f"{VOLUMES}/{volume['metadata']['name']}", {"spec": {"capacity": {"storage": wanted}}}
        )
        named = claim["metadata"]
        self._api.patch(
            f"/api/v1/namespaces/{named['namespace']}/persistentvolumeclaims/{named['name']}/status",
            {"status": {"capacity": {"storage": wanted}}},
        )


def _volume_name(claim: Object) -> str:
    return f"pvc-{claim['metadata']['uid']}"


def _wanted(claim: Object) -> str:
    wanted = claim["spec"]["resources"]["requests"]["storage"]
    assert isinstance(wanted, str)
    return wanted
