"""Charts and kustomizations made by hand, rendered as the engine asks for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from truehop.source.charts import kustomization_file, read_chart, read_kustomization
from truehop.source.location import Location
from truehop.source.render.calls import Call, Rendering
from truehop.source.render.helm import render_chart
from truehop.source.render.kustomize import render_kustomization
from truehop.source.tree import Cursor

REPOSITORY = Path(__file__).parents[4]


def built(tool: str, program: str) -> str:
    """A program on PATH, else the one that `make test` builds."""
    found = shutil.which(program) or shutil.which(program, path=str(REPOSITORY / ".tools" / "go" / tool))
    assert found, f"{program} is missing: run scripts/tool {tool}"
    return found


def write(folder: Path, **texts: str) -> None:
    """Files by name, with ``__`` for a slash, ``_O_`` for a dash and the last ``_`` for the dot."""
    for name, text in texts.items():
        stem, _, suffix = name.replace("__", "/").replace("_O_", "-").rpartition("_")
        path = folder / f"{stem}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def program(folder: Path, name: str, script: str) -> str:
    """A program that is a shell script."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def charts(base: Path, name: str = "c", call: Call | None = None) -> list[Rendering]:
    """Every rendering of a chart's folder."""
    folder = base / name
    return list(render_chart(read_chart(folder, name), call or Call(base)))


def chart(base: Path, name: str = "c", call: Call | None = None) -> Rendering:
    """The only rendering of a chart's folder."""
    [rendering] = charts(base, name, call)
    return rendering


def kustomization(base: Path, name: str = "k", call: Call | None = None) -> Rendering:
    """The rendering of a kustomization's folder."""
    folder = base / name
    file = kustomization_file(folder)
    assert file is not None
    return render_kustomization(read_kustomization(folder, file, name), call or Call(base))


def objects(rendering: Rendering) -> list[str]:
    """Kind, namespace and name of what was rendered."""
    return [str(document.object) for document in rendering.documents]


def at(rendering: Rendering, kind: str, *path: str | int) -> Cursor:
    """A place in the rendering's only object of a kind."""
    [document] = [one for one in rendering.documents if one.object is not None and one.object.kind == kind]
    return document.cursor().get(*path)


def spot(where: Location | Cursor) -> str:
    """A place as ``path:line:column-end``, or the path alone."""
    place = where.location() if isinstance(where, Cursor) else where
    return f"{place}-{place.end_column}" if place.line else place.path


def told(rendering: Rendering) -> list[tuple[str, str, str]]:
    """The problems: rule, place, message."""
    return [(problem.rule, str(problem.at), problem.message) for problem in rendering.problems]


def word(base: Path, path: str, text: str, number: int = 0) -> str:
    """Where a word stands in a file, as `spot` tells it; the first one, or the one of a number."""
    at = -1
    content = (base / path).read_text()
    for _ in range(number + 1):
        at = content.index(text, at + 1)
    line = content.count("\n", 0, at) + 1
    column = at - content.rfind("\n", 0, at)
    return f"{path}:{line}:{column}-{column + len(text)}"


SERVICE_TEMPLATE = """\
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-mta
spec:
  type: LoadBalancer
  externalTrafficPolicy: {{ .Values.policy }}
"""


def service_chart(folder: Path) -> Path:
    """A folder with a chart ``c`` of one Service."""
    write(
        folder,
        c__Chart_yaml="apiVersion: v2\nname: mail\nversion: 1.2.3\n",
        c__values_yaml="policy: Cluster\n",
        c__templates__mta_yaml=SERVICE_TEMPLATE,
    )
    return folder


SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: mta
spec:
  type: LoadBalancer
  externalTrafficPolicy: Cluster
  ports:
    - {name: smtp, port: 25}
    - {name: submission, port: 587}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: mta, annotations: {note: kept}}
spec:
  template:
    spec:
      containers:
        - {name: mta, image: example.org/mta:1, args: ["--trust", "10.0.0.0/8"]}
"""


def small_kustomization(folder: Path) -> Path:
    """A folder with a kustomization ``k`` of a Service and a Deployment, in a namespace."""
    write(
        folder,
        k__kustomization_yaml="namespace: mail\nresources: [both.yaml]\n",
        k__both_yaml=f"{SERVICE}---\n{DEPLOYMENT}",
    )
    return folder


def fake(base: Path, monkeypatch: pytest.MonkeyPatch, variable: str, script: str, name: str = "") -> None:
    """A program that does as the script says, named to truehop by the variable."""
    (base / "bin").mkdir(exist_ok=True)
    named = name or variable.removeprefix("TRUEHOP_").lower()
    monkeypatch.setenv(variable, program(base / "bin", named, script))
