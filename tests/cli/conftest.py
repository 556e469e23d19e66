"""Runs the command as a user does, in a scrubbed environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SOUND = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: mail}
spec:
  template:
    spec:
      containers:
        - name: app
          image: example.org/app:1
          env: [{name: TRUSTED_PROXIES, value: 192.0.2.7}]
"""
FAULTY = SOUND.replace("192.0.2.7", "0.0.0.0/0")
BROKEN = "a: [\n"
FOREIGN = "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: x}\n"


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder that is a repository of its own: no configuration above it counts."""
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    """The command in that folder; extra words of the environment by keyword."""

    def start(*arguments: str, stdin: str = "", cwd: Path | None = None, **environment: str) -> Done:
        kept = {name: os.environ[name] for name in ("PATH", "COVERAGE_PROCESS_CONFIG") if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from truehop.cli import main; sys.exit(main())", *arguments],
            input=stdin.encode(),
            capture_output=True,
            cwd=cwd or folder,
            env=kept | {"PYTHONWARNINGS": "error", "LC_ALL": "C.UTF-8"} | environment,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return start
