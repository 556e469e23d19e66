"""A chart folder rendered by the user's helm: once per set of values, each its own scope."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from truehop.source.charts import CHART_FILE, ChartFolder
from truehop.source.location import Location
from truehop.source.problems import NOT_JUDGED, Problem
from truehop.source.reading import decode
from truehop.source.render.calls import Call, Rendering
from truehop.source.render.confinement import find_escape
from truehop.source.render.manifests import Manifests
from truehop.source.render.programs import (
    OFFLINE,
    ProgramError,
    Ran,
    bounds,
    environment,
    find_program,
    run_program,
)
from truehop.source.render.told import Texts, told
from truehop.source.render.values import ValuesChain, values_chain

VARIABLE = "TRUEHOP_HELM"
#: The kinds that truehop judges and that no bare cluster has: charts ask for them before they render them.
API_VERSIONS = (
    *(
        f"traefik.io/v1alpha1{kind}"
        for kind in (
            "",
            "/IngressRoute",
            "/IngressRouteTCP",
            "/IngressRouteUDP",
            "/Middleware",
            "/MiddlewareTCP",
            "/ServersTransport",
            "/ServersTransportTCP",
            "/TLSOption",
            "/TLSStore",
            "/TraefikService",
        )
    ),
    "cert-manager.io/v1",
    "cert-manager.io/v1/Certificate",
    "cert-manager.io/v1/Issuer",
    "cert-manager.io/v1/ClusterIssuer",
)
_DEFAULT_NAMESPACE = "default"
_LONGEST_RELEASE = 53
_RELEASE = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_IN_TEMPLATE = re.compile(r"(?P<path>[^\s():]+/templates/[^\s():]+)(?::(?P<line>[0-9]+))?")
_MISSING = "helm dependency build"
_ADVICE = " Use --debug flag to render out invalid YAML"
_AGAINST_SCHEMA = "meet the specifications of the schema"
#: What a helm says that was built without the release's flags: it takes every cluster for Kubernetes 1.20
#: (helm@v3.19 pkg/chartutil/capabilities.go, k8sVersionMinor), which charts of today refuse.
_TOO_OLD = "incompatible with Kubernetes v1.20.0"
_CLUSTER = "1.34.0"
_NO_HELM = "install helm 3 or 4 (or name it in TRUEHOP_HELM), or pipe: helm template … | truehop check -"


def render_chart(chart: ChartFolder, call: Call) -> Iterator[Rendering]:
    """A rendering per ``ci/*-values.yaml``, else one with the defaults; the caller's own values come first.

    What helm refuses is a problem; nothing is ever fetched, and nothing is run but helm itself.
    """
    texts = Texts(call.base)
    sets: list[tuple[Path, ...]] = [call.values]
    if call.is_sampled and not call.is_own:
        sets = [(path,) for path in chart.ci_values] or sets
    for files in sets:
        named = chart.path if call.is_own or not files else f"{chart.path} ({told(files[0], call.base)})"
        chain = values_chain(chart, files, texts, call)
        rendering = Rendering(
            named, namespace=call.namespace or _DEFAULT_NAMESPACE, problems=list(chain.problems)
        )
        job = _Job(chart, call, files, texts, chain)
        _render(job, rendering)
        rendering.originals += [
            text for text in (texts.read(chart.absolute / CHART_FILE), *chain.originals) if text
        ]
        rendering.problems += job.violations
        yield rendering


@dataclass(slots=True, eq=False)
class _Job:
    """One run of helm for one rendering; ``violations`` is what its values are to blame for."""

    chart: ChartFolder
    call: Call
    files: tuple[Path, ...]
    texts: Texts
    chain: ValuesChain
    violations: list[Problem] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where a chart is told that is not judged."""
        return told(self.chart.absolute / CHART_FILE, self.call.base)

    def arguments(self, helm: str, *, checks_schema: bool = True, cluster: str = "") -> list[str]:
        """The command line; values and names are never taken for options."""
        call = self.call
        release = call.release or _release_of(self.chart)
        return [
            helm,
            "template",
            f"--namespace={call.namespace or _DEFAULT_NAMESPACE}",
            "--skip-tests",
            *([] if checks_schema else ["--skip-schema-validation"]),
            *([f"--kube-version={cluster}"] if cluster else []),
            *(f"--api-versions={version}" for version in API_VERSIONS),
            *(f"--values={_as_list(path)}" for path in self.files),
            *(f"--set={text}" for text in call.set),
            *(f"--set-string={text}" for text in call.set_string),
            "--",
            release,
            os.path.abspath(self.chart.absolute),  # noqa: PTH100 (the chart keeps the name the user knows)
        ]


def _render(job: _Job, rendering: Rendering) -> None:
    try:
        ran = _run(job)
    except ProgramError as error:
        rendering.problems.append(_problem(job.place, 0, error.reason, error.cure))
        job.violations = list(job.chain.violations())
        return
    if ran.status:
        rendering.problems.append(_refusal(job, ran))
        return
    source = decode(ran.output, job.place)
    if isinstance(source, Problem):
        rendering.problems.append(_problem(job.place, 0, f"what helm printed: {source.message}", source.help))
        return
    made = Manifests(job.chart, job.chain, job.texts)
    made.load(source.text)
    rendering.documents = made.documents
    rendering.problems += made.problems
    rendering.originals += made.originals
    rendering.is_done = True


def _run(job: _Job) -> Ran:
    limits = bounds()
    helm = find_program(VARIABLE, "helm")
    if helm is None:
        raise ProgramError("helm is not installed, so the templates are not judged", _NO_HELM)
    escape = find_escape(job.chart.absolute, job.call.base)
    if escape is not None:
        link = told(escape, job.call.base)
        raise ProgramError(f"the link {link} leaves the chart", "copy what it leads to into the chart")
    with tempfile.TemporaryDirectory(prefix="truehop-") as scratch:
        folder = Path(scratch)
        env = environment({**OFFLINE, **_homes(folder), "KUBECONFIG": os.devnull})
        cluster = ""
        ran = run_program(job.arguments(helm), env, limits, folder)
        if ran.status and _TOO_OLD in ran.complaint:
            cluster = _CLUSTER
            ran = run_program(job.arguments(helm, cluster=cluster), env, limits, folder)
        if not ran.status:
            return ran  # helm checked the schema too
        job.violations = list(job.chain.violations())
        if _AGAINST_SCHEMA in ran.complaint:
            job.violations = job.violations or list(job.chain.inner_violations())
        if _AGAINST_SCHEMA not in ran.complaint or not job.violations:
            return ran
        # The violations are told by us; what the templates make of the values counts all the same.
        again = run_program(job.arguments(helm, checks_schema=False, cluster=cluster), env, limits, folder)
        return ran if again.status else again


def _homes(folder: Path) -> dict[str, str]:
    """Folders of helm's own, so that it neither reads nor writes those of the user; no plug-ins either."""
    return {
        **{f"HELM_{kind}_HOME": str(folder / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA")},
        "HELM_PLUGINS": str(folder / "plugins"),
        "HELM_REPOSITORY_CONFIG": str(folder / "repositories.yaml"),
        "HELM_REPOSITORY_CACHE": str(folder / "repositories"),
        "HELM_REGISTRY_CONFIG": str(folder / "registry.json"),
    }


def _refusal(job: _Job, ran: Ran) -> Problem:
    """Why helm rendered nothing, at the template's line where it names one."""
    reason = ran.reason.replace(_ADVICE, "")
    if _MISSING in ran.complaint:
        lacking = reason.rpartition("charts/ directory: ")[2] if "directory: " in reason else ""
        words = f"the chart's dependencies are not in its charts folder: {lacking}".removesuffix(": ")
        return _problem(job.place, 0, words, f"run: helm dependency build {job.chart.path}")
    if _AGAINST_SCHEMA in ran.complaint:
        if job.violations:
            return _problem(
                job.place, 0, "helm renders nothing of values that break the schema", "mend the values"
            )
        return _problem(job.place, 0, f"helm: {reason}", "mend the values, or give others with -f")
    cure = _VALUES_CURE if "execution error" in reason or "executing" in reason else "mend the chart"
    found = _IN_TEMPLATE.search(reason)
    path = None if found is None else Manifests(job.chart, job.chain, job.texts).file_of(found["path"])
    if found is None or path is None:
        return _problem(job.place, 0, f"helm: {reason}", cure)
    return _problem(told(path, job.call.base), int(found["line"] or 0), f"helm: {reason}", cure)


_VALUES_CURE = "give the values the chart asks for with -f or --set, or in a ci/…-values.yaml"


def _problem(path: str, line: int, message: str, cure: str) -> Problem:
    place = Location(path, line, 1, line, 1) if line else Location(path, 0, 0, 0, 0)
    return Problem(NOT_JUDGED, place, message, cure)


def _release_of(chart: ChartFolder) -> str:
    """The chart's own name, as in ``helm install NAME ./NAME``; helm's default where it is none."""
    name = chart.name
    return name if len(name) <= _LONGEST_RELEASE and _RELEASE.fullmatch(name) else "release-name"


def _as_list(path: Path) -> str:
    """A path for an option that takes a comma-separated list (spf13/pflag string_slice.go)."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([os.path.abspath(path)])  # noqa: PTH100 (as above)
    return line.getvalue()
