"""What servers of the tests say in each protocol, and what they log, as real ones do."""

from __future__ import annotations

import base64
import ssl

from tests.unit.live.verify.sessions import Session, Stack


def smtp(session: Session) -> None:
    """As Postfix: it logs who connects, and the name of whom it turns away."""
    stack, helo = session.stack, ""
    stack.write(f"Nov 26 16:00:00 mail postfix/smtpd[1]: connect from unknown[{session.peer}]")
    if stack.limited:
        session.say("421 4.7.0 mail Error: too many connections from you")
        return
    session.say("220-mail.example.com waits", "220 mail.example.com ESMTP")
    while True:
        line = session.hear()
        word = line.upper()
        if word.startswith("EHLO"):
            helo = line[5:]
            is_clear = not isinstance(session.raw, ssl.SSLSocket)
            lines = ["PIPELINING"]
            lines += ["STARTTLS"] if is_clear and stack.has_starttls else []
            lines += [f"AUTH {stack.logins_in_clear}"] if is_clear and stack.logins_in_clear else []
            lines += ["AUTH PLAIN LOGIN"] if not is_clear else []
            session.say("250-mail.example.com", *(f"250-{one}" for one in lines), "250 8BITMIME")
        elif word == "STARTTLS":
            session.say("220 2.0.0 Ready")
            session.start_tls()
        elif word.startswith("MAIL"):
            session.say("250 2.1.0 Ok")
        elif word.startswith("RCPT"):
            session.say(_recipient(session, helo))
        elif word.startswith("AUTH PLAIN"):
            session.say("235 2.7.0 Ok" if _knows(stack, line.split()[2]) else "535 5.7.8 no")
        elif word == "RSET":
            session.say("250 2.0.0 Ok")
        elif word == "QUIT":
            session.say("221 2.0.0 Bye")
            return
        else:
            session.say("502 5.5.2 Error: command not recognized")


def _recipient(session: Session, helo: str) -> str:
    if session.stack.relays:
        return "250 2.1.5 Ok"
    where = f"Nov 26 16:00:00 mail postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[{session.peer}]"
    session.stack.write(f"{where}: 554 5.7.1 Relay access denied; from=<> proto=ESMTP helo=<{helo}>")
    return "554 5.7.1 Relay access denied"


def _knows(stack: Stack, word: str) -> bool:
    _, user, password = base64.b64decode(word).decode().split("\0")
    return stack.users.get(user) == password


def _left(session: Session, protocol: str, user: str) -> None:
    words = "auth failed, 1 attempts in 2 secs" if user else "no auth attempts in 0 secs"
    session.stack.write(
        f"Nov 26 16:00:01 {protocol}-login: Info: Disconnected ({words}): user=<{user}>, "
        f"method=PLAIN, rip={session.peer}, lip=127.0.0.1, session=<x>"
    )


def imap(session: Session) -> None:
    """As Dovecot: it logs who leaves."""
    user = ""
    try:
        session.say("* OK [CAPABILITY IMAP4rev1] Dovecot ready.")
        while True:
            tag, _, command = session.hear().partition(" ")
            word, stack = command.upper(), session.stack
            is_clear = not isinstance(session.raw, ssl.SSLSocket)
            if word == "CAPABILITY":
                more = "STARTTLS LOGINDISABLED" if is_clear and not stack.logins_in_clear else "AUTH=PLAIN"
                session.say(f"* CAPABILITY IMAP4rev1 {more}", f"{tag} OK done")
            elif word == "STARTTLS":
                session.say(f"{tag} OK begin")
                session.start_tls()
            elif word == "AUTHENTICATE PLAIN":
                session.say("+ ")
                user = base64.b64decode(session.hear()).split(b"\0")[1].decode()
                session.say(f"{tag} OK in" if user in stack.users else f"{tag} NO [AUTHENTICATIONFAILED] no")
            elif word == "LOGOUT":
                session.say("* BYE out", f"{tag} OK done")
                return
            else:
                session.say(f"{tag or '*'} BAD Error in IMAP command")
    finally:
        _left(session, "imap", user)


def pop3(session: Session) -> None:
    """As Dovecot."""
    user = ""
    try:
        session.say("+OK Dovecot ready.")
        while True:
            word, stack = session.hear().upper(), session.stack
            is_clear = not isinstance(session.raw, ssl.SSLSocket)
            if word == "CAPA":
                more = ["STLS"] if is_clear else ["USER", "SASL PLAIN"]
                more += ["USER"] if is_clear and stack.logins_in_clear else []
                session.say("+OK", "TOP", *more, ".")
            elif word == "STLS":
                session.say("+OK begin")
                session.start_tls()
            elif word == "AUTH PLAIN":
                session.say("+ ")
                user = base64.b64decode(session.hear()).split(b"\0")[1].decode()
                session.say("+OK in" if user in stack.users else "-ERR [AUTH] no")
            elif word == "QUIT":
                session.say("+OK out")
                return
            else:
                session.say("-ERR Unknown command.")
    finally:
        _left(session, "pop3", user)


def sieve(session: Session) -> None:
    """As Dovecot's Pigeonhole."""
    user = ""
    try:
        _capabilities(session)
        while True:
            line, stack = session.hear(), session.stack
            word = line.upper()
            if word == "CAPABILITY":
                _capabilities(session)
            elif word == "STARTTLS":
                session.say('OK "Begin TLS negotiation now."')
                session.start_tls()
                _capabilities(session)
            elif word.startswith("AUTHENTICATE"):
                user = base64.b64decode(line.split('"')[3]).split(b"\0")[1].decode()
                session.say("OK" if user in stack.users else 'NO "no"')
            elif word == "LOGOUT":
                session.say('OK "Logout completed."')
                return
            else:
                session.say('NO "Error in MANAGESIEVE command"')
    finally:
        _left(session, "managesieve", user)


def _capabilities(session: Session) -> None:
    is_clear = not isinstance(session.raw, ssl.SSLSocket)
    offered = session.stack.logins_in_clear if is_clear else "PLAIN"
    more = ['"STARTTLS"'] if is_clear and session.stack.has_starttls else []
    session.say(
        '"IMPLEMENTATION" "Pigeonhole"', f'"SASL" "{offered}"', *more, '"VERSION" "1.0"', 'OK "ready"'
    )


def http(session: Session) -> None:
    """As Traefik with its access log; it believes one header where it is told to."""
    stack = session.stack
    while True:
        request = session.hear()
        headers = {}
        while line := session.hear():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        words = request.split()
        if len(words) != 3:
            session.say("HTTP/1.1 400 Bad Request", "Connection: close", "")
            return
        said = headers.get(stack.trusted_header.lower(), "") if stack.trusted_header else ""
        address = said.removeprefix("for=") or session.peer
        stack.write(
            f'{address} - - [26/Nov/2026:16:00:00 +0000] "{request}" 404 0 "-" "truehop" 1 "web" "-" 0ms'
        )
        session.say(*stack.page, "Content-Length: 0", *(() if stack.keeps else ("Connection: close",)), "")
        if not stack.keeps:
            return
