"""Services of the programs that are read, by the names that stand in their logs, and who comes to them."""

from __future__ import annotations

#: Whose clients come from the internet; others, such as Postfix' listener for a webmail, rightly see pods.
PUBLIC = frozenset(
    {
        *(("postfix", service) for service in ("smtpd", "postscreen", "submission", "submissions", "smtps")),
        *(("dovecot", f"{protocol}-login") for protocol in ("imap", "pop3", "managesieve", "submission")),
        *((program, "http") for program in ("traefik", "nginx", "caddy")),
        ("roundcube", "webmail"),
    }
)
#: Those to which a webmail comes for all of its users: that they share its address says nothing.
OF_WEBMAIL = frozenset({("postfix", "webmail"), ("dovecot", "managesieve-login")})
