"""Tests on somebody's cluster: what is left out is there to be left out, and what does not fit is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cluster import elsewhere
from tests.cluster.processes import FailedError

HERE = Path(__file__).parent


def test_each_pattern_of_a_test_that_is_left_out_names_a_file_that_is_there() -> None:
    for pattern in elsewhere.OWN:
        name, _, test = pattern.partition("::")
        words = [word for word in test.strip("*").split("*") if word.startswith("test_")]
        text = (HERE / name).read_text(encoding="utf-8")
        assert all(f"def {word}" in text for word in words), pattern


@pytest.mark.parametrize(
    ("name", "is_left_out"),
    [
        ("test_mail.py::test_server_logs_the_clients_own_address[smtp-203.0.113.7]", False),
        ("test_mail.py::test_server_logs_the_clients_own_address[https-203.0.113.7]", True),
        ("test_mail_lasts.py::test_no_mail_secret_or_claim_is_lost_on_any_way", False),
        ("test_teardown.py::test_node_leaves_nothing_when_its_tests_end", True),
    ],
)
def test_a_test_is_left_out_for_a_reason(name: str, *, is_left_out: bool) -> None:
    assert bool(elsewhere.reason(f"tests/cluster/{name}")) == is_left_out


def test_unknown_context_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = {"apiVersion": "v1", "kind": "Config", "clusters": [], "users": [], "contexts": []}
    (tmp_path / "kubeconfig").write_text(json.dumps(empty))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    with pytest.raises(FailedError, match=r"KUBECONTEXT=nowhere: .*nowhere"), elsewhere.reached("nowhere"):
        pass
