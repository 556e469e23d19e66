"""What is missing is said in one line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cluster.needs import ROOT, complaint


def test_complaint_is_empty_where_nothing_is_missing() -> None:
    assert complaint(is_root=True) == ""


def test_complaint_names_all_packages_and_the_wish_for_root_in_one_line() -> None:
    packages = {"no-such-etcd": "etcd-server", "no-such-runc": "runc", "no-such-ctr": "runc", "sh": "dash"}
    assert complaint(is_root=False, packages=packages) == (
        "they make namespaces and mounts: run them as root; "
        "packages are missing (Debian, Ubuntu: apt-get install etcd-server runc)"
    )


def test_other_users_are_refused_before_any_test() -> None:
    words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-m", "pytest"]
    done = subprocess.run(
        [*words, "-p", "no:cacheprovider", "-p", "no:randomly", "tests/cluster"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: cluster tests: they make namespaces and mounts: run them as root\n" in done.stderr
