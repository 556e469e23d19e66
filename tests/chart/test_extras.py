"""Each component honours each key by which its users add to it or put something in place of the chart's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.chart.helm import Object, Rendering, containers, merged, nested, pods, render

COMPONENTS = ("edge", "mta", "mda", "web", "filter", "unbound", "redis", "database", "fetchmail", "truehop")
PERSISTENT = ("mta", "mda", "filter", "redis", "database")
SERVED = ("mta", "mda", "web", "filter", "unbound", "redis", "database")
ON = {
    "fetchmail": {"enabled": True},
    "truehop": {"logs": {"enabled": True}, "image": {"repository": "own/truehop", "tag": "0.1.0"}},
}
#: Variables that follow from the one decision; guards refuse others.
DECIDED = {
    "MTA_UPSTREAM_PROXY",
    "MDA_UPSTREAM_PROXY",
    "TRUSTED_PROXIES",
    "ROUNDCUBE_PROXY_WHITELIST",
    "MYNETWORKS",
}
CONSTRAINT = {"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}
NODE_TERM = {"matchExpressions": [{"key": "mark", "operator": "Exists"}]}
AFFINITY = {
    "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [NODE_TERM]}}
}

#: What is set in every component at once; where it is looked for, the functions below say.
GIVEN: dict[str, Any] = {
    "extraEnv": [{"name": "MARK", "value": "extra-env"}],
    "extraEnvFrom": [{"configMapRef": {"name": "extra-env-from"}}],
    "extraVolumes": [{"name": "extra-volume", "emptyDir": {}}],
    "extraVolumeMounts": [{"name": "extra-volume", "mountPath": "/extra-mount"}],
    "extraContainers": [{"name": "extra-container", "image": "example.org/side:1"}],
    "extraInitContainers": [{"name": "extra-first", "image": "example.org/first:1"}],
    "podSecurityContext": {"supplementalGroups": [4711]},
    "securityContext": {"procMount": "Default"},
    "resources": {"requests": {"cpu": "77m"}, "limits": {"memory": "7Gi"}},
    "nodeSelector": {"mark": "node"},
    "tolerations": [{"key": "mark", "operator": "Exists"}],
    "affinity": AFFINITY,
    "topologySpreadConstraints": [CONSTRAINT],
    "priorityClassName": "mark-priority",
    "terminationGracePeriodSeconds": 77,
    "annotations": {"mark": "annotation"},
    "labels": {"mark": "label"},
    "podAnnotations": {"mark": "pod-annotation"},
    "podLabels": {"mark": "pod-label"},
    "probes": {"liveness": {"exec": {"command": ["mark"]}}, "readiness": None},
    "serviceAccount": {"annotations": {"mark": "account"}},
}


@pytest.fixture(scope="module")
def rendering() -> Rendering:
    given = dict.fromkeys(COMPONENTS, GIVEN)
    return render("k3s", merged(given, ON))


def _workload(rendering: Rendering, component: str) -> Object:
    (found,) = (
        one
        for one in rendering.of_kind("Deployment", "StatefulSet", "DaemonSet")
        if one["metadata"]["name"] == f"mail-{component}"
    )
    return found


def _pod(rendering: Rendering, component: str) -> Object:
    ((_, _, spec),) = pods([_workload(rendering, component)])
    return spec


def _main(rendering: Rendering, component: str) -> Object:
    found = _pod(rendering, component)["containers"][0]
    assert isinstance(found, dict)
    return found


def _selector(component: str) -> Object:
    return {
        "app.kubernetes.io/name": "mailstack",
        "app.kubernetes.io/instance": "mail",
        "app.kubernetes.io/component": component,
    }


SHOWN: dict[str, Callable[[Object, str], bool]] = {
    "extraEnv": lambda found, _: GIVEN["extraEnv"][0] in _first(found)["env"],
    "extraEnvFrom": lambda found, _: GIVEN["extraEnvFrom"][0] in _first(found)["envFrom"],
    "extraVolumes": lambda found, _: GIVEN["extraVolumes"][0] in _inner(found)["volumes"],
    "extraVolumeMounts": lambda found, _: GIVEN["extraVolumeMounts"][0] in _first(found)["volumeMounts"],
    "extraContainers": lambda found, _: GIVEN["extraContainers"][0] in _inner(found)["containers"][1:],
    "extraInitContainers": lambda found, _: (
        GIVEN["extraInitContainers"][0] == _inner(found)["initContainers"][0]
    ),
    "podSecurityContext": lambda found, _: _inner(found)["securityContext"]["supplementalGroups"] == [4711],
    "securityContext": lambda found, _: _first(found)["securityContext"]["procMount"] == "Default",
    "resources": lambda found, _: (
        _first(found)["resources"]["limits"] == {"memory": "7Gi"}
        and _first(found)["resources"]["requests"]["cpu"] == "77m"
    ),
    "nodeSelector": lambda found, _: _inner(found)["nodeSelector"] == {"mark": "node"},
    "tolerations": lambda found, _: _inner(found)["tolerations"] == GIVEN["tolerations"],
    "affinity": lambda found, _: _inner(found)["affinity"] == AFFINITY,
    "topologySpreadConstraints": lambda found, component: (
        _inner(found)["topologySpreadConstraints"]
        == [{**CONSTRAINT, "labelSelector": {"matchLabels": _selector(component)}}]
    ),
    "priorityClassName": lambda found, _: _inner(found)["priorityClassName"] == "mark-priority",
    "terminationGracePeriodSeconds": lambda found, _: _inner(found)["terminationGracePeriodSeconds"] == 77,
    "annotations": lambda found, _: found["metadata"]["annotations"]["mark"] == "annotation",
    "labels": lambda found, _: found["metadata"]["labels"]["mark"] == "label",
    "podAnnotations": lambda found, _: (
        found["spec"]["template"]["metadata"]["annotations"]["mark"] == "pod-annotation"
    ),
    "podLabels": lambda found, _: found["spec"]["template"]["metadata"]["labels"]["mark"] == "pod-label",
    "probes": lambda found, _: (
        _first(found)["livenessProbe"] == {"exec": {"command": ["mark"]}}
        and "readinessProbe" not in _first(found)
    ),
}


def _inner(found: Object) -> Object:
    spec = found["spec"]["template"]["spec"]
    assert isinstance(spec, dict)
    return spec


def _first(found: Object) -> Object:
    first = _inner(found)["containers"][0]
    assert isinstance(first, dict)
    return first


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize("key", SHOWN)
def test_a_component_shows_what_it_is_given(rendering: Rendering, component: str, key: str) -> None:
    assert SHOWN[key](_workload(rendering, component), component)


def test_every_key_that_is_given_is_looked_for() -> None:
    assert SHOWN.keys() == GIVEN.keys() - {"serviceAccount"}


@pytest.mark.parametrize("component", COMPONENTS)
def test_an_account_has_its_annotations(rendering: Rendering, component: str) -> None:
    found = rendering.find("ServiceAccount", f"mail-{component}")
    assert found["metadata"]["annotations"]["mark"] == "account"


@pytest.mark.parametrize("component", COMPONENTS)
def test_an_account_of_another_name_is_used(component: str) -> None:
    own = render("k3s", merged(nested(f"{component}.serviceAccount", {"create": False, "name": "given"}), ON))
    assert _pod(own, component)["serviceAccountName"] == "given"
    assert f"mail-{component}" not in {found["metadata"]["name"] for found in own.of_kind("ServiceAccount")}


@pytest.mark.parametrize("component", COMPONENTS)
def test_what_the_chart_sets_can_be_replaced(component: str) -> None:
    """Each variable, volume and mount: the user's entry stands once, in place of the chart's."""
    before = _main(render("k3s", ON), component)
    volumes = [volume["name"] for volume in _pod(render("k3s", ON), component).get("volumes", ())]
    names = [entry["name"] for entry in before.get("env", ()) if entry["name"] not in DECIDED]
    env = [{"name": name, "value": "mine"} for name in names]
    mounts = [{"name": "mine", "mountPath": mount["mountPath"]} for mount in before.get("volumeMounts", ())]
    mine = [{"name": name, "emptyDir": {"medium": "Memory"}} for name in (*volumes, "mine")]
    given = {"extraEnv": env, "extraVolumeMounts": mounts, "extraVolumes": mine}
    after = render("k3s", merged({component: given}, ON))
    own = [entry for entry in _main(after, component).get("env", []) if entry["name"] not in DECIDED]
    assert own == env
    assert _main(after, component).get("volumeMounts", []) == mounts
    assert _pod(after, component)["volumes"] == mine


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_sidecar_of_the_chart_s_can_be_replaced(component: str) -> None:
    names = [one["name"] for one in containers(_pod(render("k3s", ON), component))]
    first = [one["name"] for one in _pod(render("k3s", ON), component).get("initContainers", ())]
    given = {
        "extraContainers": [{"name": name, "image": "mine"} for name in names if name not in first],
        "extraInitContainers": [{"name": name, "image": "mine"} for name in first],
    }
    after = _pod(render("k3s", merged({component: given}, ON)), component)
    assert [one["name"] for one in containers(after)] == names
    assert {one["image"] for one in containers(after)} == {"mine"}


@pytest.mark.parametrize("component", SERVED)
def test_services_of_a_component_have_its_annotations_and_labels(component: str) -> None:
    given = nested(f"{component}.service", {"annotations": {"mark": "a"}, "labels": {"mark": "l"}})
    found = [
        one["metadata"]
        for one in render("k3s", given).of_kind("Service")
        if one["metadata"]["labels"]["app.kubernetes.io/component"] == component
    ]
    assert found
    assert [(one["annotations"]["mark"], one["labels"]["mark"]) for one in found] == [("a", "l")] * len(found)


@pytest.mark.parametrize("component", PERSISTENT)
def test_a_claim_is_made_as_its_values_say(component: str) -> None:
    given = {
        "storageClass": "fast",
        "size": "77Gi",
        "accessModes": ["ReadWriteOncePod"],
        "annotations": {"backup": "yes"},
        "labels": {"mark": "claim"},
    }
    found = render("k3s", nested(f"{component}.persistence", given)).find(
        "PersistentVolumeClaim", f"mail-{component}"
    )
    assert found["metadata"]["annotations"]["backup"] == "yes"
    assert found["metadata"]["labels"]["mark"] == "claim"
    assert found["spec"] == {
        "accessModes": ["ReadWriteOncePod"],
        "storageClassName": "fast",
        "resources": {"requests": {"storage": "77Gi"}},
    }


@pytest.mark.parametrize("component", PERSISTENT)
def test_a_claim_of_the_user_s_takes_the_place_of_one_made(component: str) -> None:
    own = render("k3s", nested(f"{component}.persistence.existingClaim", "given"))
    claims = {found["metadata"]["name"] for found in own.of_kind("PersistentVolumeClaim")}
    assert claims == {f"mail-{other}" for other in PERSISTENT if other != component}
    (data,) = (volume for volume in _pod(own, component)["volumes"] if volume["name"] == "data")
    assert data["persistentVolumeClaim"] == {"claimName": "given"}


@pytest.mark.parametrize("component", COMPONENTS)
def test_images_come_from_the_registry_for_all(component: str) -> None:
    own = render("k3s", merged(nested("global.imageRegistry", "registry.example.com/mirror"), ON))
    for container in containers(_pod(own, component)):
        assert container["image"].startswith("registry.example.com/mirror/"), container["name"]


@pytest.mark.parametrize("component", [name for name in COMPONENTS if name != "database"])
def test_an_image_is_what_its_values_say(component: str) -> None:
    digest = f"sha256:{'0' * 64}"
    image = {
        "registry": "r.example",
        "repository": "own/image",
        "tag": "7",
        "digest": digest,
        "pullPolicy": "Always",
    }
    found = _main(render("k3s", merged(ON, nested(f"{component}.image", image))), component)
    assert (found["image"], found["imagePullPolicy"]) == (f"r.example/own/image:7@{digest}", "Always")


def test_pull_secrets_are_names_or_objects() -> None:
    given = nested("global.imagePullSecrets", ["one", {"name": "two"}])
    for name, _, spec in pods(render("full", given).objects):
        assert spec["imagePullSecrets"] == [{"name": "one"}, {"name": "two"}], name
