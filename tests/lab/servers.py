"""The configuration of the mail servers: what the lab runs, and what truehop is given to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.lab.places import both_networks_of, network_of
from tests.lab.proxies import BALANCERS, LOOPBACK, MAPPED, NOBODY
from tests.lab.table import Row

SENDERS = (*both_networks_of("proxy"), *BALANCERS)
#: Whom Dovecot is told to trust: the proxies and balancers, or somebody else, or words that it cannot read.
TRUSTED = {
    "demands": " ".join(SENDERS),
    "untrusted": NOBODY,
    "keyword": f"private_ranges {' '.join(SENDERS)}",
    "ipv4-list": f"{network_of('proxy')} {network_of('balancer')}",
    "mapped-list": MAPPED,
    "loopback-list": " ".join(LOOPBACK),
    "variable-blanks": f"{NOBODY} {' '.join(SENDERS)}",
    "variable-commas": f"{NOBODY},{','.join(SENDERS)}",
}
#: Lists that a variable of this name holds.
VARIABLE = "TRUSTED_PROXIES"
IN_VARIABLES = {"variable-blanks", "variable-commas"}
#: Dovecot's processes see no variable that is not handed on to them.
HANDED_ON = f"import_environment {{\n  {VARIABLE} = %{{env:{VARIABLE}}}\n}}\n"
#: Whose forwarded headers the web believes.
BELIEVED = {"deaf": (), "untrusted": (NOBODY,), "believes": SENDERS, "everyone": ("0.0.0.0/0", "::/0")}
HOST_BITS = "mynetworks=10.42.0.1/16"
RELAYS = "smtpd_relay_restrictions=permit_mynetworks,reject_unauth_destination"
#: What a service of Postfix is told besides.
POSTFIX_OPTIONS = {
    "ipv4-only": ("inet_protocols=ipv4", "smtpd_upstream_proxy_protocol=haproxy"),
    "host-bits": (HOST_BITS,),
    "host-bits-relay": (HOST_BITS, RELAYS),
    "bare-ipv6": ("mynetworks=::1/128",),
}
CERTIFICATE = "/lab/tls.crt"
KEY = "/lab/tls.key"
MAIN = f"""\
compatibility_level = 3.6
maillog_file = /var/log/postfix.log
myhostname = mail.example.com
mydestination = example.com
mynetworks = 127.0.0.0/8
inet_interfaces = all
inet_protocols = all
alias_maps =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {CERTIFICATE}
smtpd_tls_key_file = {KEY}
smtpd_client_connection_rate_limit = 0
postscreen_cache_map =
"""
#: The services that Postfix itself needs to answer.
MASTER = """\
proxymap unix - - n - - proxymap
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
postlog unix-dgram n - n - 1 postlogd
smtpd pass - - n - - smtpd
"""
LOGINS = {"imap": "imap", "imaps": "imap", "pop3": "pop3", "pop3s": "pop3", "sieve": "managesieve"}
#: What each release calls what both know.
WORDS = {
    "bookworm": f"""\
protocols = imap pop3 sieve
ssl_cert = <{CERTIFICATE}
ssl_key = <{KEY}
disable_plaintext_auth = yes
mail_location = maildir:/tmp/mail
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home=/tmp
}}
""",
    "trixie": f"""\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols {{
  imap = yes
  pop3 = yes
  sieve = yes
}}
ssl_server_cert_file = {CERTIFICATE}
ssl_server_key_file = {KEY}
auth_allow_cleartext = no
mail_driver = maildir
mail_path = /tmp/mail
passdb static {{
  password = secret
}}
userdb static {{
  fields {{
    uid = mail
    gid = mail
    home = /tmp
  }}
}}
""",
}


def postfix_master(rows: Iterable[Row]) -> str:
    """The services of the rows' Postfix, each on its own address, and those they need."""
    return "".join(_service(row) for row in rows) + MASTER


def _service(row: Row) -> str:
    is_screened = row.backend.endswith("postscreen")
    demands = row.backend in {"demands", "postscreen"}
    program, limit = ("postscreen", "1") if is_screened else ("smtpd", "-")
    options = [f"syslog_name=row-{row.number}"]
    if demands:
        options.append(f"{program}_upstream_proxy_protocol=haproxy")
    if row.has_tls:
        options.append("smtpd_tls_wrappermode=yes")
    if row.server == "submission":
        options.append("smtpd_tls_security_level=encrypt")
    options += POSTFIX_OPTIONS.get(row.backend, ())
    head = f"{row.socket('server')} inet n - n - {limit} {program}\n"
    return head + "".join(f"  -o {option}\n" for option in options)


def dovecot(rows: Iterable[Row], suite: str, trusts: str) -> str:
    """The configuration of the rows' Dovecot of a release, which trusts as the word says."""
    trusted = f"$ENV:{VARIABLE}" if trusts in IN_VARIABLES else TRUSTED[trusts]
    lines = [WORDS[suite], f"haproxy_trusted_networks = {trusted}\n", "ssl = required\n"]
    if trusts in IN_VARIABLES:
        lines.append(HANDED_ON)
    for login in sorted(set(LOGINS.values())):
        own = [row for row in rows if LOGINS[row.server] == login]
        lines.append(f"service {login}-login {{\n")
        lines.extend(_unused(login))
        lines.extend(line for row in own for line in _listener(row))
        lines.append("}\n")
    return "".join(lines)


def _unused(login: str) -> Iterator[str]:
    """The listeners that a Dovecot has by itself: none of the lab's stands there."""
    for name in (login,) if login == "managesieve" else (login, f"{login}s"):
        name = "sieve" if name == "managesieve" else name  # noqa: PLW2901
        yield f"  inet_listener {name} {{\n    port = 0\n  }}\n"


def _listener(row: Row) -> Iterator[str]:
    address = "listen" if row.suite == "trixie" else "address"
    yield f"  inet_listener {row.server}-{row.number} {{\n"
    yield f"    {address} = {row.address('server')}\n"
    yield f"    port = {row.port}\n"
    if row.has_tls:
        yield "    ssl = yes\n"
    if row.backend != "deaf":
        yield "    haproxy = yes\n"
    yield "  }\n"
