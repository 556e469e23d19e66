"""mailstack's servers at work: filter rules, webmail, renewed certificates, mail that outlives releases."""

from __future__ import annotations

import json
import secrets

import pytest

from tests.cluster.certificates import new_secret
from tests.cluster.outside import open_sink, sunk
from tests.cluster.stage import USER, Stage
from tests.cluster.ways import go_all_ways

SCRIPT = """\
require ["vacation", "copy"];
redirect :copy "friend@outside.test";
vacation "I am away.";
"""
SENDING = ("submission", "submissions")
#: What the webmail does, by the variables that tell it where; each ends with the server's own words.
WEBMAIL = {
    "imap": ("MDA_IMAP_ADDRESS", [f"a LOGIN {USER} $PASSWORD", "a LOGOUT"], "a OK Logged in"),
    "smtp": ("MTA_SMTP_SUBMISSION_ADDRESS", ["EHLO webmail", "AUTH PLAIN $PLAIN", "QUIT"], "235 2.7.0"),
    "sieve": ("MDA_MANAGESIEVE_ADDRESS", ['AUTHENTICATE "PLAIN" "$PLAIN"', "LOGOUT"], 'OK "Logged in."'),
}
LOGGED = {
    "imap": ("mda", f" imap-inner-login: Info: Logged in: user=<{USER}>", "rip="),
    "smtp": ("mta", "postfix/webmail/smtpd", "connect from unknown["),
    "sieve": ("mda", f" managesieve-login: Info: Logged in: user=<{USER}>", "rip="),
}


def _pods(stage: Stage) -> dict[str, object]:
    """The pods and how often each container began anew; those of jobs aside."""
    found = stage.mail.node.api.items(f"/api/v1/namespaces/{stage.mail.namespace}/pods")
    return {
        pod["metadata"]["uid"]: [one["restartCount"] for one in pod["status"]["containerStatuses"]]
        for pod in found
        if pod["status"]["phase"] == "Running"
    }


def test_filter_rules_send_mail_out(stage: Stage) -> None:
    open_sink(stage.mail)
    word = secrets.token_hex(4)
    assert stage.log_in("sieve", order={"script": SCRIPT}).error == ""
    assert stage.send(word).error == ""

    def is_out() -> bool:
        got = {str(mail["to"]): str(mail["text"]) for mail in sunk(stage.mail)}
        redirected = got.get("['friend@outside.test']", "")
        return word in redirected and "I am away." in got.get("['someone@outside.test']", "")

    stage.mail.node.space.wait_until(is_out, "redirect and vacation go out", seconds=60)
    assert stage.log_in("sieve", order={"script": "keep;\n"}).error == ""
    assert "postfix/sieve/smtpd" in stage.log("mta")


@pytest.mark.parametrize("protocol", WEBMAIL)
def test_webmail_reaches_the_inner_listeners_without_a_header(protocol: str, stage: Stage) -> None:
    variable, said, wanted = WEBMAIL[protocol]
    spoken = "; ".join(f"sleep 1; echo {json.dumps(line)}" for line in said)
    script = f"""
        PASSWORD={stage.password()}
        PLAIN=$(printf '\\0{USER}\\0%s' "$PASSWORD" | openssl base64 -A)
        ({spoken}; sleep 1) | openssl s_client -quiet -crlf -starttls {protocol} -connect "${variable}"
    """
    where = ["-n", stage.mail.namespace, "deploy/mail-web", "-c", "web"]
    assert wanted in stage.mail.node.kubectl("exec", *where, "--", "sh", "-c", script)
    part, beginning, before = LOGGED[protocol]
    selector = "labelSelector=app.kubernetes.io/component=web"
    [pod] = stage.mail.node.api.items(f"/api/v1/namespaces/{stage.mail.namespace}/pods?{selector}")
    addresses = [one["ip"] for one in pod["status"]["podIPs"]]
    lines = [line for line in stage.log(part).splitlines() if beginning in line]
    assert any(f"{before}{address}" in lines[-1] for line in lines for address in addresses), lines


def test_helms_own_tests_pass(stage: Stage) -> None:
    said = stage.mail.test("mail-test-system", "mail-test-handshake", "mail-test-outsider")
    assert said.count("Succeeded") == 3


def test_renewed_certificate_is_served_and_no_pod_begins_anew(stage: Stage) -> None:
    before = _pods(stage)
    secret, wanted = new_secret()
    stage.mail.node.apply(stage.mail.namespace, secret)

    def is_served() -> bool:
        orders = {protocol: {"tls": True} for protocol in ("https", "imaps", "submissions", "smtp", "sieve")}
        shown = [stage.talk(protocol, order=order).certificate for protocol, order in orders.items()]
        return set(shown) == {wanted}

    stage.mail.node.space.wait_until(is_served, "the new certificate is served everywhere", seconds=180)
    assert _pods(stage) == before


def test_probes_of_the_mta_wait_for_its_greeting(stage: Stage) -> None:
    own = [line for line in stage.log("mta").splitlines() if "postfix/sieve/smtpd" in line]
    assert any("connect from localhost[127.0.0.1]" in line for line in own)
    assert [line for line in own if "improper command pipelining" in line] == []


def test_restarted_mda_is_heard_at_once_by_those_who_log_in_to_send(stage: Stage) -> None:
    assert [stage.log_in(protocol).error for protocol in SENDING] == ["", ""]
    stage.restart("mda")
    assert [stage.log_in(protocol).error for protocol in SENDING] == ["", ""]


def test_no_mail_secret_or_claim_is_lost_on_any_way(stage: Stage) -> None:
    go_all_ways(stage)
