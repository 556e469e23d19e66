"""Texts that no file holds are judged like files."""

from __future__ import annotations

import pytest

from truehop.engine import judge_texts

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec: {template: {spec: {containers: [{name: a, image: example.org/a:1, env: [
  {name: TRUSTED_PROXIES, value: 0.0.0.0/0}]}]}}}
"""


@pytest.mark.parametrize("only", ["trust-any-address", "duplicate-key", "unused-ignore"])
def test_a_single_rule_may_be_asked_for(only: str) -> None:
    text = "# truehop: ignore[trust-nobody] x\n" + DEPLOYMENT + "kind: Deployment\n"
    assert {finding.rule for finding in judge_texts({"a.yaml": text}, only=only).findings} == {only}


def test_texts_are_held_against_a_schema_beside_them() -> None:
    texts = {"values.yaml": "replica: 2\n", "values.schema.json": '{"additionalProperties": false}'}
    assert [finding.rule for finding in judge_texts(texts).findings] == ["schema-violation"]


@pytest.mark.parametrize("text", ["smtpd_upstream_proxy_protocol = haproxy\n", ""])
def test_configuration_files_are_read_as_such(text: str) -> None:
    outcome = judge_texts({"main.cf": text})
    assert outcome.checked.files == 1
    assert outcome.unjudged == ()
