"""The annotation truehop/listeners."""

from __future__ import annotations

import pytest

from tests.unit.adapters.pods import env, pod, read_one
from tests.unit.adapters.texts import by_port
from tests.unit.kube.hand import cut
from truehop.adapters.readings import Reading
from truehop.kube.objects import World
from truehop.model.facts import Basis, Tri
from truehop.model.hops import Effect, Header, Serves, Tls, Untrusted

MTA = "jeboehm/mailserver-mta:8.0.0"


def declared(text: str, image: str = "example.com/mail", container: str = "") -> tuple[World, Reading]:
    lines = "annotations:\n  truehop/listeners: |\n" + "".join(f"    {line}\n" for line in text.splitlines())
    return read_one(pod(image, container, annotations=lines))


def test_the_designs_example_is_a_listener_that_believes_anybody() -> None:
    world, found = declared("465: {serves: submissions, header: required, trusts: [], tls: implicit}")
    [listener] = found.listeners
    assert (listener.port, listener.serves.value, listener.tls.value) == (
        465,
        Serves.SUBMISSIONS,
        Tls.IMPLICIT,
    )
    policy = listener.proxy
    assert (policy.mode.value, policy.mode.basis, policy.absent) == (Header.REQUIRED, Basis.STATED, "refused")
    assert (policy.trusts, policy.untrusted) == (None, Untrusted.BELIEVED)
    assert policy.at is not None
    assert cut(world, policy.at) == "required"
    assert cut(world, listener.at) == "465"
    assert listener.demands_tls.value is Tri.YES
    assert listener.cleartext_auth.value is Tri.NO


def test_a_listener_is_added_to_those_of_the_image() -> None:
    _, found = declared("465: {serves: submissions}", MTA)
    assert {listener.port for listener in found.listeners} == {25, 587, 465}
    assert by_port(found.listeners)[465].proxy.is_off
    assert by_port(found.listeners)[465].tls.value is Tls.IMPLICIT


def test_a_list_has_a_place_for_each_address_and_drops_the_rest() -> None:
    world, found = declared(
        "143:\n  serves: imap\n  header: required\n  trusts: [10.42.0.0/16, mail]\n"
        "  auth: true\n  demandsTls: true\n"
    )
    [listener] = found.listeners
    trusts = listener.proxy.trusts
    assert trusts is not None
    assert found.trust_lists == [trusts]
    assert [cut(world, one.at) for one in trusts.entries] == ["10.42.0.0/16", "mail"]
    assert [bool(one.problem) for one in trusts.entries] == [False, True]
    assert listener.proxy.untrusted is Untrusted.DROPPED
    assert listener.offers_auth.value is Tri.YES
    assert (listener.demands_tls.value, listener.cleartext_auth.value) == (Tri.YES, Tri.NO)
    assert listener.tls.value is Tls.UNKNOWN


def test_an_empty_list_trusts_nobody_where_others_are_dropped() -> None:
    _, found = declared('143: {serves: imap, header: optional, untrusted: dropped, trusts: ""}')
    trusts = found.listeners[0].proxy.trusts
    assert trusts is not None
    assert trusts.is_empty
    assert found.listeners[0].proxy.absent == "works"


def test_trusts_may_be_one_text() -> None:
    _, found = declared(
        '143: {serves: imap, header: required, untrusted: stripped, trusts: "10.0.0.1, 10.0.0.2"}'
    )
    policy = found.listeners[0].proxy
    assert policy.trusts is not None
    assert len(policy.trusts.entries) == 2
    assert policy.untrusted is Untrusted.STRIPPED


def test_a_listener_that_reads_no_header_has_no_list() -> None:
    _, found = declared("143: {serves: imap, header: never, trusts: [10.0.0.1]}")
    assert found.listeners[0].proxy.trusts is None
    assert found.trust_lists == []


def test_what_is_known_of_a_port_stays_where_nothing_else_is_said() -> None:
    _, found = declared(
        "587: {header: never}\n25: {serves: smtp, tls: plain}\n", MTA, env(MTA_UPSTREAM_PROXY="true")
    )
    listeners = by_port(found.listeners)
    assert listeners[587].proxy.is_off
    assert listeners[587].serves.value is Serves.SUBMISSION
    assert listeners[587].demands_tls.value is Tri.YES
    assert listeners[25].proxy.is_on
    assert listeners[25].tls.value is Tls.PLAIN


def test_the_forwarded_list_of_a_known_web_server_stays() -> None:
    _, found = declared("8080: {serves: http, header: required}", "jeboehm/mailserver-web:8.0.0")
    assert found.listeners[0].forwarded is not None
    assert found.listeners[0].proxy.is_on


def test_a_mounted_file_wins_over_the_annotation() -> None:
    files = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: mail}\ndata:\n"
        "  master.cf: |\n    smtp inet n - n - - smtpd\n"
    )
    workload = pod(
        "example.com/postfix",
        "volumeMounts: [{name: c, mountPath: /etc/postfix}]\n",
        "volumes: [{name: c, configMap: {name: c}}]\n",
        (
            "annotations: {truehop/listeners: '{25: {serves: smtp,"
            " header: required}, 587: {serves: submission}}'}\n"
        ),
    )
    _, found = read_one(files, workload)
    assert by_port(found.listeners)[25].proxy.mode.basis is Basis.UNKNOWN
    assert {listener.port for listener in found.listeners} == {25, 587}


@pytest.mark.parametrize(
    ("text", "value", "because"),
    [
        ("25: {serves: smpt}", "smpt", "serves knows no such word"),
        ("25: {header: required}", "25", "it does not say which protocol it serves"),
        ("smtp: {serves: smtp}", "smtp", "it is no port number"),
        ("70000: {serves: smtp}", "70000", "it is no port number"),
        ("25: smtp", "smtp", "a listener is a mapping"),
        ("25: {serves: smtp, trust: []}", "trust", "a listener has no such key"),
        ("25: {serves: smtp, tls: ssl}", "ssl", "tls knows no such word"),
        ("25: {serves: smtp, header: 'yes'}", "yes", "header knows no such word"),
        ("25: {serves: smtp, auth: sure}", "sure", "auth is true or false"),
        ("just words", "just words", "it is no mapping of ports to listeners"),
        ("25: {serves", "25: {serves", "it is no mapping of ports to listeners"),
    ],
)
def test_what_the_annotation_cannot_mean_is_told_at_its_place(text: str, value: str, because: str) -> None:
    world, found = declared(text)
    [switch] = found.switches
    assert (switch.name, switch.effect) == ("truehop/listeners", Effect.IGNORED)
    assert (switch.value, switch.because) == (value, because)
    assert cut(world, switch.at) in {value, text.partition("\n")[0]}


def test_an_unknown_header_word_leaves_the_header_unknown() -> None:
    _, found = declared("25: {serves: smtp, header: maybe}")
    assert found.listeners[0].proxy.mode.basis is Basis.UNKNOWN
