"""The chart as Helm renders it, each rendering made once."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "mailstack"
FOLDER = CHART / "ci"
TOPOLOGIES = sorted(path.name.removesuffix("-values.yaml") for path in FOLDER.glob("*-values.yaml"))
#: Both, where a test is about what they make of the chart; else the older one.
MAJORS = (3, 4)
RELEASE = "mail"
NAMESPACE = "post"
KUBERNETES = "1.31.0"

Object = dict[str, Any]


class RefusedError(Exception):
    """Helm does not render; the text is what it says."""


@dataclass(frozen=True)
class Rendering:
    """What Helm prints."""

    text: str

    @cached_property
    def objects(self) -> list[Object]:
        """The objects in it."""
        loaded = yaml.load_all(self.text, Loader=yaml.CSafeLoader)
        return [found for found in loaded if found is not None]

    def of_kind(self, *kinds: str) -> list[Object]:
        """The objects of some kinds."""
        return [found for found in self.objects if found["kind"] in kinds]

    def find(self, kind: str, name: str) -> Object:
        """The one object of a kind and name."""
        (found,) = (one for one in self.of_kind(kind) if one["metadata"]["name"] == name)
        return found


@cache
def program(major: int) -> str:
    """The Helm of a major version: the built one, else the one on PATH."""
    name = f"helm{major}"
    for found in (
        shutil.which("helm", path=str(ROOT / ".tools" / "go" / name)),
        shutil.which(name),
        shutil.which("helm"),
    ):
        if found is not None and _major(found) == major:
            return found
    raise FileNotFoundError(f"helm {major} is missing: run scripts/tool {name}")


def _major(path: str) -> int:
    said = subprocess.run(
        [path, "version", "--template", "{{.Version}}"], capture_output=True, text=True, check=False
    )
    found = re.search(r"\d+", said.stdout)
    return int(found[0]) if found else 0


def render(
    topology: str = "",
    values: Mapping[str, object] | None = None,
    *options: str,
    major: int = 3,
    chart: Path = CHART,
) -> Rendering:
    """The chart by the values of a topology, with others over them.

    Raises:
        RefusedError: the chart, or Helm, does not take the values.
    """
    return _render(topology, json.dumps(values) if values else "", options, major, chart)


@cache
def _render(topology: str, values: str, options: tuple[str, ...], major: int, chart: Path) -> Rendering:
    words = [*(("-f", str(FOLDER / f"{topology}-values.yaml")) if topology else ()), *options]
    if values:
        words += ["-f", "-"]
    done = run(
        major,
        "template",
        RELEASE,
        str(chart),
        "-n",
        NAMESPACE,
        "--kube-version",
        KUBERNETES,
        *words,
        stdin=values,
    )
    if done.returncode:
        raise RefusedError(done.stderr)
    return Rendering(done.stdout)


def run(major: int, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """A Helm command, out of reach of the user's settings and clusters."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [program(major), *words],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**kept, "KUBECONFIG": os.devnull},
    )


def nested(path: str, value: object) -> dict[str, object]:
    """The values that set one key: ``a.b`` and 1 make ``{a: {b: 1}}``."""
    for name in reversed(path.split(".")):
        value = {name: value}
    assert isinstance(value, dict)
    return value


def merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Values over others, as Helm merges them: mappings key by key, the rest as a whole."""
    both = dict(first)
    for name, value in second.items():
        old = both.get(name)
        both[name] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def pods(objects: list[Object]) -> Iterator[tuple[str, Object, Object]]:
    """Every pod that objects make: whose it is in words, its metadata and its spec."""
    for found in objects:
        named = f"{found['kind']} {found['metadata']['name']}"
        if found["kind"] == "Pod":
            yield named, found["metadata"], found["spec"]
        elif found["kind"] in {"Deployment", "StatefulSet", "DaemonSet", "Job"}:
            template = found["spec"]["template"]
            yield named, template.get("metadata", {}), template["spec"]


def containers(spec: Object) -> Iterator[Object]:
    """A pod's containers, those before it begins included."""
    yield from spec.get("initContainers", ())
    yield from spec["containers"]


def shown(name: str) -> dict[str, object]:
    """Values by which a rendering shows, in the ConfigMap ``shown``, what a named template makes."""
    words = f"{{{{ include {json.dumps(name)} . | toJson }}}}"
    made = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: shown}}\ndata:\n  text: {words}\n"
    return {"extraObjects": [made]}


def text_of(name: str, topology: str, values: Mapping[str, object] | None = None) -> str:
    """What a named template makes for a topology; files of templates have their path for a name."""
    found = render(topology, merged(values or {}, shown(name))).find("ConfigMap", "shown")["data"]["text"]
    assert isinstance(found, str)
    return found
