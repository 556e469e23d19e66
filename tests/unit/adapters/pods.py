"""Workloads from a few words, for tests of readers."""

from __future__ import annotations

from textwrap import dedent, indent

from tests.unit.kube.hand import world_of
from truehop.adapters import mail
from truehop.adapters.readings import Reading
from truehop.kube.objects import World


def pod(image: str, container: str = "", spec: str = "", annotations: str = "") -> str:
    """A Deployment mail/it with one container; the parts are YAML of their own indentation."""
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: it, namespace: mail}\nspec:\n"
        "  selector: {matchLabels: {app: it}}\n  template:\n    metadata:\n      labels: {app: it}\n"
        + indent(dedent(annotations), " " * 6) + "    spec:\n      containers:\n        - name: it\n"
        f"          image: {image}\n" + indent(dedent(container), " " * 10) + indent(dedent(spec), " " * 6)
    )  # fmt: skip


def env(**values: str) -> str:
    return "env:\n" + "".join(f"  - {{name: {name}, value: '{value}'}}\n" for name, value in values.items())


def read_one(*texts: str) -> tuple[World, Reading]:
    """The world of some objects and the one reading it gives."""
    world = world_of(*texts)
    [found] = mail.read(world)
    return world, found
