"""Samples and helpers of the packaging tests."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[2]

BAD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: webmail
  namespace: mail
spec:
  selector: {matchLabels: {app: webmail}}
  template:
    metadata:
      labels: {app: webmail}
    spec:
      containers:
        - name: webmail
          image: registry.example.com/webmail:1.0.0
          env:
            - name: TRUSTED_PROXIES
              value: 0.0.0.0/0
"""
GOOD = BAD.replace("0.0.0.0/0", "10.42.0.0/16")


class Runner(Protocol):
    """Runs a program and gives back what became of it."""

    def __call__(
        self, *command: str | Path, cwd: Path, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]: ...


def commit_all(run: Runner, folder: Path) -> str:
    """Make a repository of a folder, with everything in it committed; gives back the commit."""
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "all"]):
        done = run("git", *words, cwd=folder)
        assert done.returncode == 0, done.stderr
    return run("git", "rev-parse", "HEAD", cwd=folder).stdout.strip()
