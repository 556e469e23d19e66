"""A kustomization built by the user's kustomize or kubectl, its objects told at the user's files."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path

from truehop.source.charts import Kustomization
from truehop.source.location import Location
from truehop.source.problems import NOT_JUDGED, Problem
from truehop.source.reading import decode
from truehop.source.render.calls import Call, Rendering
from truehop.source.render.origins import Built
from truehop.source.render.programs import (
    OFFLINE,
    ONLINE,
    ProgramError,
    Ran,
    bounds,
    environment,
    find_program,
    run_program,
)
from truehop.source.render.refusals import KustomizationTree, read_tree
from truehop.source.render.told import Texts, told

VARIABLE = "TRUEHOP_KUSTOMIZE"
#: kubectl logs what goes wrong: k8s.io/component-base/cli run.go.
_LOGGED = re.compile(r'"command failed" err="((?:[^"\\]|\\.)*)"')
_ERROR = re.compile(r"^error:\s*", re.IGNORECASE)
_PER_FOLDER = "recursed accumulation of path "
_LONGEST = 300
_NO_KUSTOMIZE = "install kubectl or kustomize (or name it in TRUEHOP_KUSTOMIZE)"


def render_kustomization(kustomization: Kustomization, call: Call) -> Rendering:
    """The objects of a kustomization; what it would fetch or run is refused unless the call allows it."""
    texts = Texts(call.base)
    tree = read_tree(kustomization.absolute, texts)
    rendering = Rendering(kustomization.path, namespace=call.namespace or tree.namespace)
    if tree.remote and not call.allow_remote:
        rendering.problems += tree.remote
    elif not kustomization.problems:  # they are told already
        _build(kustomization, call, tree, rendering)
    rendering.originals += tree.sources
    return rendering


def _build(kustomization: Kustomization, call: Call, tree: KustomizationTree, rendering: Rendering) -> None:
    place = told(kustomization.file, call.base)
    try:
        with tempfile.TemporaryDirectory(prefix="truehop-") as scratch:
            folder = Path(scratch).resolve()
            ran = _run(kustomization, call, folder)
    except ProgramError as error:
        rendering.problems.append(_problem(place, error.reason, error.cure))
        return
    if ran.status:
        reason = f"kustomize: {_reason(ran, call.base)}"
        rendering.problems += tree.missing or [_problem(place, reason, "mend the kustomization")]
        return
    source = decode(ran.output, place)
    if isinstance(source, Problem):
        rendering.problems.append(_problem(place, f"what kustomize printed: {source.message}", source.help))
        return
    built = Built(tree, folder, place)
    built.load(source.text)
    rendering.documents = built.documents
    rendering.problems += built.problems
    rendering.is_done = True


def _run(kustomization: Kustomization, call: Call, folder: Path) -> Ran:
    """Build on top of the kustomization, so that the request for origins need not stand in it.

    A folder may lie outside the root of what builds on it, only files may not; and its path must be
    relative (kustomize@api/v0.21.1 api/internal/loader/fileloader.go).
    """
    limits = bounds()
    program = find_program(VARIABLE, "kustomize", "kubectl")
    if program is None:
        raise ProgramError("neither kustomize nor kubectl is installed, so this is not judged", _NO_KUSTOMIZE)
    target = os.path.relpath(kustomization.absolute.resolve(), folder)
    key = "components" if kustomization.is_component else "resources"
    overlay = {key: [target], "buildMetadata": ["originAnnotations"]}
    (folder / "kustomization.yaml").write_text(json.dumps(overlay), encoding="utf-8")
    verb = "kustomize" if Path(program).name.startswith("kubectl") else "build"
    if call.allow_remote:
        remote = ["--enable-helm", "--enable-alpha-plugins"]
        env = environment({"KUBECONFIG": os.devnull, "GIT_TERMINAL_PROMPT": "0"}, ONLINE)
    else:
        remote = []
        env = environment({"KUBECONFIG": os.devnull, **OFFLINE})
    return run_program([program, verb, *remote, str(folder)], env, limits, folder)


def _reason(ran: Ran, base: Path) -> str:
    """What is wrong, without the way there: kustomize wraps a reason in one of its own per folder."""
    told_whole = _LOGGED.search(ran.complaint)
    text = ran.complaint if told_whole is None else told_whole[1].replace('\\"', '"')
    text = _ERROR.sub("", " ".join(text.split()))
    text = text.rpartition(_PER_FOLDER)[2] if _PER_FOLDER in text else text
    text = re.sub(r"^'[^']*': ", "", text).replace(f"{base.resolve()}/", "")
    if not text:
        return f"exit status {ran.status}"
    return text if len(text) <= _LONGEST else f"...{text[-_LONGEST:]}"


def _problem(path: str, message: str, cure: str) -> Problem:
    return Problem(NOT_JUDGED, Location(path, 0, 0, 0, 0), message, cure)
