"""The configuration: what it may say, and how a fault is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from truehop.engine.config.read import parse_config
from truehop.errors import UserError
from truehop.rules.base import ERROR, Rule, Setting, metadata_only
from truehop.settings import Networks, Scope, Settings

RULES = (
    Rule(
        "wide-list",
        "trust",
        ERROR,
        "0.1",
        frozenset(),
        metadata_only,
        "",
        settings=(
            Setting("prefix", 16, "the widest"),
            Setting(name="strict", default=False, doc="whether"),
            Setting("word", "x", "a word"),
            Setting("names", ("a",), "names"),
            Setting("other", None, "anything"),
        ),
    ),
    Rule("other-rule", "trust", ERROR, "0.1", frozenset(), metadata_only, ""),
)
FULL = """\
networks: {preset: k3s, pods: 10.42.0.0/16, nodes: [192.0.2.0/28, "2001:db8::/64"],
  loadBalancers: [198.51.100.1], services: [10.43.0.0/16], datapath: dsr, office: [203.0.113.0/24]}
front:
  - {service: traefik/*, kind: hetzner, sends: v2, keepsSource: false, from: [198.51.100.0/24]}
rules:
  wide-list: {severity: warning, prefix: 20, strict: true, word: why, names: [b, c], other: z}
  other-rule: off
ignore:
  - {rule: [wide-list, not-judged], path: "a/**", object: mta, reason: known, until: 2030-01-31}
profiles: mine.yaml
scopes:
  - {name: prod, paths: [deploy], values: prod.yaml, set: [a=b], setString: c=d, release: mail,
     namespace: mail, networks: {pods: 10.0.0.0/16}, front: [{service: x}], world: open}
world: closed
failOn: warning
baseline: known.json
"""


def parse(text: str, folder: str = "/folder") -> Settings:
    return parse_config(text, "truehop.yaml", folder, RULES)


@pytest.fixture
def full(tmp_path: Path) -> Settings:
    (tmp_path / "mine.yaml").write_text("")
    return parse(FULL, str(tmp_path))


def refused(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(UserError) as caught:
        parse(text)
    return [(error.place, error.message, error.cure) for error in (caught.value, *caught.value.others)]


def test_everything_it_says_is_read(full: Settings, tmp_path: Path) -> None:
    found = full
    assert found.networks.nodes == ("192.0.2.0/28", "2001:db8::/64")
    assert (found.networks.pods, found.networks.load_balancers) == (("10.42.0.0/16",), ("198.51.100.1",))
    assert (found.networks.other, found.networks.preset) == ({"office": ("203.0.113.0/24",)}, "k3s")
    assert found.networks.datapath == "dsr"
    assert str(found.networks.places["pods"]) == "truehop.yaml:1:31"
    [front] = found.fronts
    assert (front.service, front.kind, front.sends, front.keeps_source) == (
        "traefik/*",
        "hetzner",
        "v2",
        False,
    )
    assert front.addresses == ("198.51.100.0/24",)
    assert found.choice("wide-list").severity == "warning"
    assert found.choice("wide-list").settings == {
        "prefix": 20,
        "strict": True,
        "word": "why",
        "names": ("b", "c"),
        "other": "z",
    }
    assert found.choice("other-rule").is_off
    [ignore] = found.ignores
    assert (ignore.rules, ignore.path, ignore.object) == (("wide-list", "not-judged"), "a/**", "mta")
    assert (ignore.reason, str(ignore.until)) == ("known", "2030-01-31")
    assert found.profiles == (str(tmp_path / "mine.yaml"),)
    assert (found.world, found.fail_on, found.baseline) == ("closed", "warning", "known.json")
    [scope] = found.scopes
    assert (scope.name, scope.paths, scope.values, scope.set) == (
        "prod",
        ("deploy",),
        ("prod.yaml",),
        ("a=b",),
    )
    assert (scope.set_string, scope.release, scope.namespace) == (("c=d",), "mail", "mail")


def test_a_scope_has_its_own_networks_fronts_and_world(full: Settings) -> None:
    found = full
    inner = found.within(found.scopes[0])
    assert inner.networks.pods == ("10.0.0.0/16",)
    assert inner.networks.services == ("10.43.0.0/16",)
    assert [front.service for front in inner.fronts] == ["x", "traefik/*"]
    assert inner.world == "open"
    assert found.within(Scope(("x",))) == found


def test_networks_fill_each_other() -> None:
    over = Networks(services=(), preset="kind").over(
        Networks(nodes=("a",), load_balancers=("b",), preset="k3s")
    )
    assert (over.services, over.nodes, over.load_balancers, over.preset) == ((), ("a",), ("b",), "kind")


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_configuration_says_nothing(text: str) -> None:
    assert parse(text) == Settings(folder="/folder", path="truehop.yaml")


@pytest.mark.parametrize(
    ("text", "place", "message", "cure"),
    [
        ("netwroks: {}", "1:1", "has no key 'netwroks'", "did you mean 'networks'?"),
        ("zzzz: {}", "1:1", "has no key 'zzzz'", "one of networks, front"),
        ("networks:\n  pod: 10.0.0.0/8", "2:3", "networks has no key 'pod'", "did you mean 'pods'?"),
        (
            "networks:\n  loadbalancers: 10.0.0.0/8",
            "2:3",
            "no key 'loadbalancers'",
            "did you mean 'loadBalancers'?",
        ),
        ("networks: [a]", "1:11", "networks must be a mapping, not a list", ""),
        ("networks: {pods: {}}", "1:18", "networks.pods must be a text or a list, not a mapping", ""),
        ("networks: {pods: nowhere}", "1:18", "'nowhere' is not an address", ""),
        (
            "networks: {pods: 10.42.0.1/16}",
            "1:18",
            "'10.42.0.1/16' is no network",
            "the network is 10.42.0.0/16",
        ),
        ("networks: {pods: 10.42.0.0/99}", "1:18", "is no network", "write it as"),
        ("front: [{service: a, from: 1.2.3.4.5}]", "1:28", "is no network", "write it as"),
        (
            "networks: {preset: k8s}",
            "1:20",
            "networks.preset must be one of k3s, kubeadm, kind, not 'k8s'",
            "k3s",
        ),
        ("front: [{service: a, kind: hetzer}]", "1:28", "no profile 'hetzer'", "did you mean 'hetzner'?"),
        ("front: [{service: a, kind: qqq}]", "1:28", "no profile 'qqq'", ", …"),
        ("scopes: [{paths: a, front: [{service: a, kind: qqq}]}]", "1:48", "no profile 'qqq'", "one of"),
        ("front: [{kind: hetzner}]", "1:9", "front[0] lacks 'service'", "add `service: …`"),
        ("front: [{service: a, keepsSource: 1}]", "1:35", "must be true or false, not a whole number", ""),
        ("front: [{service: 1.5}]", "1:19", "must be a text, not a number", ""),
        ("front: [{service: }]", "1:19", "must be a text, not empty", ""),
        ("front: [{service: a, sends: [v1]}]", "1:29", "not a list", ""),
        ("failOn: eror", "1:9", "failOn must be one of", "did you mean 'error'?"),
        ("failOn: error\nfailOn: info", "2:1", "this key is given twice", "remove one"),
        ("profiles: []", "1:11", "profiles is an empty list", "remove the key"),
        ("ignore: [{rule: wide-list}]", "1:10", "ignore[0] lacks 'reason'", ""),
        ("ignore: [{rule: wide-list, reason: ' '}]", "1:37", "ignore[0].reason is empty", ""),
        ("ignore: [{rule: wide-lists, reason: a}]", "1:17", "there is no rule 'wide-lists'", "'wide-list'?"),
        ("ignore: [{reason: a}]", "1:10", "an ignore without bounds", "name a rule"),
        ("ignore: [{path: a, reason: a, until: 2020-02-30}]", "1:38", "is no date", "2030-12-31"),
        ("ignore: [{path: a, reason: a, until: soon}]", "1:38", "is not the last day on which it holds", ""),
        ("rules: {wide-lists: off}", "1:9", "there is no rule 'wide-lists'", "did you mean 'wide-list'?"),
        ("rules: {wide-list: of}", "1:20", "a severity is one of", "did you mean 'off'?"),
        ("rules: {wide-list: {severity: [x]}}", "1:31", "a severity is one of", ""),
        (
            "rules: {wide-list: {prefx: 1}}",
            "1:21",
            "wide-list has no setting 'prefx'",
            "did you mean 'prefix'?",
        ),
        ("rules: {wide-list: {prefix: x}}", "1:29", "prefix is not of the right type", "such as 16"),
        ("rules: {wide-list: {names: x}}", "1:28", "names is not of the right type", ""),
        ("rules: {wide-list: {names: [[x]]}}", "1:28", "names is not of the right type", ""),
        ("rules: {wide-list: {word: 1}}", "1:27", "word is not of the right type", ""),
        ("rules: [a]", "1:8", "rules must be a mapping, not a list", ""),
        ("[a]", "1:1", "the configuration must be a mapping, not a list", ""),
        ("a: [", "2:1", "not readable", ""),
        ("world: open\n---\nworld: closed", "3:1", "the configuration is one document", "remove"),
    ],
)
def test_a_fault_has_place_and_cure(text: str, place: str, message: str, cure: str) -> None:
    where, said, help_ = refused(text)[0]
    assert where.startswith(f"truehop.yaml:{place}")
    assert message in said
    assert cure in help_


def test_all_faults_are_told_at_once() -> None:
    found = refused("netwroks: {}\nfailOn: eror\nworld: x\n")
    assert [place for place, _, _ in found] == ["truehop.yaml:1:1", "truehop.yaml:2:9", "truehop.yaml:3:8"]


def test_an_error_prints_all_faults_with_their_cures() -> None:
    with pytest.raises(UserError) as caught:
        parse("netwroks: {}\nfailOn: eror\n")
    assert str(caught.value).count("\n  help: did you mean") == 2


def test_off_is_off_however_it_is_written() -> None:
    for words in ("off", "'off'", "{severity: off}"):
        assert parse(f"rules: {{other-rule: {words}}}").choice("other-rule").is_off


def test_a_rule_without_severity_keeps_its_own() -> None:
    choice = parse("rules: {wide-list: {prefix: 8}}").choice("wide-list")
    assert (choice.severity, choice.is_off, choice.settings) == (None, False, {"prefix": 8})
