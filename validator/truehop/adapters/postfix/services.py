"""What each smtpd and postscreen service of Postfix does with headers, TLS, passwords and relaying.

Source of the defaults: vdukhovni/postfix@3.12-20260821 postfix/proto/postconf.proto.

Witness: none absent none smtp postscreen v1
Witness: none absent none submissions demands v1
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from truehop.adapters.grammars import completeness, read_list
from truehop.adapters.postfix.main_cf import Parameter, Parameters
from truehop.adapters.postfix.master_cf import Service
from truehop.adapters.postfix.restrictions import AddressJudge, judges, relays_by_network
from truehop.model.facts import Basis, Fact, Location, Tri
from truehop.model.hops import (
    WELL_KNOWN,
    Header,
    HeaderPolicy,
    Hop,
    Listener,
    Serves,
    Tls,
    TrustList,
    TrustUse,
    Untrusted,
)

PROXY = "smtpd_upstream_proxy_protocol"
SCREEN_PROXY = "postscreen_upstream_proxy_protocol"
HAPROXY = "haproxy"
FAMILIES = {"all": (4, 6), "ipv4": (4,), "ipv6": (6,)}
#: smtpd_upstream_proxy_timeout, postscreen_upstream_proxy_timeout.
TIMEOUT_SECONDS = 5
#: v1 UNKNOWN is turned away, v2 LOCAL is not (vdukhovni/postfix src/global/haproxy_srvr.c).
REFUSED_FORMS = ("UNKNOWN",)
#: Security levels at which a client must start TLS before mail.
MANDATORY = frozenset({"encrypt", "fingerprint", "verify", "secure", "dane", "dane-only"})


@dataclass(slots=True, eq=False)
class SmtpService:
    """One service with the parameters it sees.

    ``behind`` is the smtpd of type ``pass`` that a postscreen hands its connections to.
    """

    hop: Hop
    service: Service
    parameters: Parameters
    behind: Parameters | None = None
    relay: TrustList | None = None
    listener: Listener | None = field(default=None, init=False)

    @property
    def session(self) -> Parameters:
        """The parameters of the smtpd that serves the session."""
        return self.behind or self.parameters

    @property
    def is_screen(self) -> bool:
        """Whether postscreen stands here."""
        return self.service.command == "postscreen"

    @property
    def switch_name(self) -> str:
        """The parameter that turns the header on for this service."""
        return SCREEN_PROXY if self.is_screen else PROXY

    def switch(self) -> Parameter | None:
        """The parameter that counts for the header, None where none is set."""
        return self.parameters.find(self.switch_name)

    def reads_header(self) -> bool:
        """Whether the service demands a header, as far as its files tell."""
        return self.parameters.value(self.switch_name).strip() == HAPROXY

    def listen(self, port: int, basis: Basis = Basis.STATED) -> Listener:
        """The service as a listener; assumed where no master.cf says that it is there."""
        at = self.service.at
        tls = self._tls(at)
        demands, auth, clear = self._passwords(tls, at)
        self.relay = self._relay_list(at)
        own = (self.relay,) if self.relay is not None and self.relay.is_active is not Tri.NO else ()
        self.listener = Listener(
            self.hop,
            port,
            self._serves(port, tls),
            self._header(at),
            tls,
            at,
            self.service.name.value,
            demands_tls=demands,
            offers_auth=auth,
            cleartext_auth=clear,
            own_networks=own,
            families=self._families(at),
            basis=basis,
        )
        return self.listener

    def address_judges(self) -> Iterable[AddressJudge]:
        """The settings of this service that judge clients by address."""
        return judges(self.session)

    def _header(self, at: Location) -> HeaderPolicy:
        mode = Header.REQUIRED if self.reads_header() else Header.NEVER
        switch = self.switch()
        place = switch.at if switch and switch.value else switch.name.location() if switch else at
        basis = self.parameters.basis(self.switch_name)
        origin = f"{self.switch_name} is {self.parameters.value(self.switch_name) or 'empty'}"
        fact = Fact(mode, place, basis, origin, "" if basis is not Basis.UNKNOWN else "main.cf")
        return HeaderPolicy(
            fact, None, Untrusted.BELIEVED, "refused", TIMEOUT_SECONDS, at=place, refused_forms=REFUSED_FORMS
        )

    def _level(self) -> tuple[str, str]:
        """The security level and the parameter that gives it."""
        session = self.session
        if session.value("smtpd_tls_security_level"):
            return session.value("smtpd_tls_security_level").strip().lower(), "smtpd_tls_security_level"
        if session.is_yes("smtpd_enforce_tls"):
            return "encrypt", "smtpd_enforce_tls"
        if session.is_yes("smtpd_use_tls"):
            return "may", "smtpd_use_tls"
        return "none", "smtpd_tls_security_level"

    def _tls(self, at: Location) -> Fact[Tls]:
        level, name = self._level()
        wrapper = "smtpd_tls_wrappermode"
        if self.session.is_yes(wrapper):
            return Fact(
                Tls.IMPLICIT, self.session.at(wrapper, at), self.session.basis(wrapper), f"{wrapper} is yes"
            )
        basis = self.session.basis(name)
        kind = Tls.UNKNOWN if basis is Basis.UNKNOWN else Tls.PLAIN if level == "none" else Tls.STARTTLS
        return Fact(kind, self.session.at(name, at), basis, f"{name} is {level}")

    def _passwords(self, tls: Fact[Tls], at: Location) -> tuple[Fact[Tri], Fact[Tri], Fact[Tri]]:
        """Whether TLS is demanded, passwords are taken, and taken in clear."""
        session = self.session
        level, level_name = self._level()
        auth_name, only_name = "smtpd_sasl_auth_enable", "smtpd_tls_auth_only"
        is_offered, is_only = session.is_yes(auth_name), session.is_yes(only_name)
        auth = Fact(
            Tri.of(is_offered), session.at(auth_name, at), session.basis(auth_name), self._said(auth_name)
        )
        if auth.basis is Basis.UNKNOWN:
            auth = Fact(Tri.UNKNOWN, at, Basis.UNKNOWN, settles="main.cf")
        if tls.value is Tls.UNKNOWN:
            unknown = Fact(Tri.UNKNOWN, at, Basis.UNKNOWN, settles="main.cf")
            return unknown, auth, unknown
        is_demanded = level in MANDATORY or tls.value is Tls.IMPLICIT
        by_login = is_offered and is_only and tls.value is not Tls.PLAIN
        where = level_name if is_demanded or not by_login else only_name
        demands = Fact(
            Tri.of(is_demanded or by_login),
            session.at(where, tls.at or at),
            session.basis(where),
            self._said(where),
        )
        refuses_plain = (
            "noplaintext" in session.value("smtpd_sasl_security_options").replace(",", " ").split()
        )
        in_clear = is_offered and not (is_demanded or is_only or refuses_plain)
        clear_at = session.at(only_name, session.at(auth_name, at))
        return (
            demands,
            auth,
            Fact(Tri.of(in_clear), clear_at, session.basis(only_name), self._said(only_name)),
        )

    def _said(self, name: str) -> str:
        """A setting with its value; those asked for here are no unless somebody says more."""
        return f"{name} is {self.session.value(name).strip() or 'no'}"

    def _serves(self, port: int, tls: Fact[Tls]) -> Fact[Serves]:
        known = WELL_KNOWN.get(port)
        if known in {Serves.SMTP, Serves.SUBMISSION, Serves.SUBMISSIONS}:
            return Fact(known, self.service.at, origin=f"master.cf has {self.service.name}")
        serves = Serves.SMTP
        if tls.value is Tls.IMPLICIT:
            serves = Serves.SUBMISSIONS
        elif self.session.is_yes("smtpd_sasl_auth_enable") and "smtpd_sasl_auth_enable" in self.session.own:
            serves = Serves.SUBMISSION
        return Fact(serves, self.service.at, origin=f"master.cf has {self.service.name}")

    def _families(self, at: Location) -> Fact[tuple[int, ...] | None]:
        name = "inet_protocols"
        words = [word.value.lower() for word in self.parameters.words(name)]
        families = sorted({family for word in words for family in FAMILIES.get(word, ())})
        basis = self.parameters.basis(name)
        if not families:
            return Fact(None, at, Basis.UNKNOWN)
        return Fact(tuple(families), self.parameters.at(name, at), basis, f"{name} is {' '.join(words)}")

    def _relay_list(self, at: Location) -> TrustList | None:
        session = self.session
        parameter = session.find("mynetworks")
        if parameter is None:
            return None
        is_active = relays_by_network(session)
        grammar = "postfix" if is_active else "postfix_without_relay"
        entries = read_list(grammar, *session.words("mynetworks"))
        is_complete = completeness(entries) if session.is_whole else Tri.UNKNOWN
        return TrustList(
            "mynetworks",
            TrustUse.RELAY,
            session.at("mynetworks", at),
            entries,
            is_complete=is_complete,
            basis=parameter.basis,
            hop=self.hop,
            is_active=Tri.of(is_active),
        )
