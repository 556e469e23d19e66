"""main.cf and master.cf together: listeners, misplaced switches, TLS settings and lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from truehop.adapters.postfix.expansion import MadeText
from truehop.adapters.postfix.main_cf import Parameter, Parameters, read_main
from truehop.adapters.postfix.master_cf import Service, read_master
from truehop.adapters.postfix.services import HAPROXY, PROXY, SCREEN_PROXY, SmtpService
from truehop.adapters.postfix.tls import tls_policies
from truehop.adapters.readings import Reading
from truehop.model.facts import Basis, Location, Tri
from truehop.model.hops import AddressUse, Effect, Hop, Listener, Switch, TrustList
from truehop.source.tree import Text


@dataclass(slots=True, eq=False)
class PostfixFiles:
    """The files of one Postfix, as far as the input holds them.

    ``base`` is what the image's own main.cf is known to say; ``knows_base`` whether all of it is.
    """

    main: Text | None = None
    master: Text | None = None
    base: Mapping[str, Parameter] = field(default_factory=dict)
    knows_base: bool = False


def read_postfix(reading: Reading, files: PostfixFiles) -> list[Listener]:
    """Add what the files say to the reading; returns the listeners they give."""
    main = {**files.base, **(read_main(files.main) if files.main else {})}
    is_whole = files.main is not None or files.knows_base
    mta = _Mta(reading, reading.hop, main, is_whole, files.master is not None)
    mta.read(read_master(files.master) if files.master is not None else mta.stock_services(files.main))
    return mta.listeners


@dataclass(slots=True, eq=False)
class _Mta:
    reading: Reading
    hop: Hop
    main: Mapping[str, Parameter]
    is_whole: bool
    has_master: bool
    listeners: list[Listener] = field(default_factory=list)
    smtpds: list[tuple[SmtpService, Listener | None]] = field(default_factory=list)

    def stock_services(self, main: Text | None) -> list[Service]:
        """The services of Postfix's own master.cf, standing where main.cf does."""
        if main is None:
            return []
        is_screened = SCREEN_PROXY in self.main and PROXY not in self.main
        return [Service(_stock_name(main), "inet", "postscreen" if is_screened else "smtpd", {})]

    def read(self, services: list[Service]) -> None:
        """Read the services in order."""
        passing = next((one for one in services if one.type == "pass" and one.command == "smtpd"), None)
        behind = self._parameters(passing) if passing else None
        is_loopback = Parameters({}, self.main).value("inet_interfaces").strip().lower() == "loopback-only"
        for service in services:
            if service.type != "inet" or service.command not in {"smtpd", "postscreen"}:
                continue
            is_screen = service.command == "postscreen"
            smtpd = SmtpService(self.hop, service, self._parameters(service), behind if is_screen else None)
            port = None if service.is_local or is_loopback else service.port
            listener = (
                smtpd.listen(port, Basis.STATED if self.has_master else Basis.ASSUMED) if port else None
            )
            if listener is not None:
                self.listeners.append(listener)
            self.smtpds.append((smtpd, listener))
        if passing is not None and behind is not None:
            self._judge_passing(passing, behind)
        if self.has_master:
            self._judge_screenless()
        self._judge_switches()
        self._collect()

    def _parameters(self, service: Service) -> Parameters:
        return Parameters(service.options, self.main, self.is_whole)

    def _judge_passing(self, passing: Service, behind: Parameters) -> None:
        """Smtpd behind postscreen ignores its own switch; that hurts where postscreen's is off."""
        switch = behind.find(PROXY)
        screens = [(one, listener) for one, listener in self.smtpds if one.is_screen]
        if switch is None or behind.value(PROXY).strip() != HAPROXY or not screens:
            return
        if PROXY not in passing.options and any(one.reads_header() for one, _ in screens):
            return  # main.cf's value is meant for the other services
        self._add(
            switch,
            Effect.MISPLACED,
            "smtpd behind postscreen ignores it",
            f"{SCREEN_PROXY} = {HAPROXY}",
            [listener for _, listener in screens],
        )

    def _judge_screenless(self) -> None:
        """Postscreen's switch does nothing where smtpd answers the port itself.

        Beside smtpd's own it is no slip: whoever sets both means whichever program answers.
        """
        switch, other = self.main.get(SCREEN_PROXY), self.main.get(PROXY)
        is_paired = other is not None and other.value == HAPROXY
        is_used = is_paired or any(one.is_screen or one.reads_header() for one, _ in self.smtpds)
        if switch is not None and switch.value == HAPROXY and self.smtpds and not is_used:
            self._add(
                switch,
                Effect.MISPLACED,
                "no postscreen stands before these services",
                f"{PROXY} = {HAPROXY}",
                [listener for _, listener in self.smtpds],
            )

    def _judge_switches(self) -> None:
        told: set[int] = set()
        for smtpd, listener in self.smtpds:
            switch = smtpd.switch()
            if switch is None or not switch.value or id(switch) in told:
                continue
            value = smtpd.parameters.value(smtpd.switch_name).strip()
            if value != HAPROXY:
                told.add(id(switch))
                self._add(
                    switch,
                    Effect.IGNORED,
                    f"Postfix knows only {HAPROXY} and ends with a fatal error",
                    f"{smtpd.switch_name} = {HAPROXY}",
                    [listener],
                )
            elif _is_reinjection(smtpd.service) and smtpd.switch_name not in smtpd.service.options:
                told.add(id(switch))
                self._add(
                    switch,
                    Effect.MISPLACED,
                    f"it also reaches {smtpd.service.name}, where the content filter sends no header",
                    f"-o {smtpd.switch_name}= below that service",
                    [listener],
                )

    def _add(
        self, switch: Parameter, effect: Effect, because: str, instead: str, listeners: list[Listener | None]
    ) -> None:
        self.reading.switches.append(
            Switch(
                switch.name.value,
                switch.value,
                switch.at,
                effect,
                because,
                instead,
                hop=self.hop,
                listeners=tuple(listener for listener in listeners if listener),
                basis=switch.basis,
            )
        )

    def _collect(self) -> None:
        relays: dict[Location, TrustList] = {}
        uses: dict[tuple[str, Location], tuple[AddressUse, list[Listener]]] = {}
        for smtpd, listener in self.smtpds:
            if listener is None:
                continue
            if smtpd.relay is not None and (smtpd.relay.at not in relays or smtpd.relay.is_active is Tri.YES):
                relays[smtpd.relay.at] = smtpd.relay
            for judge in smtpd.address_judges():
                use = AddressUse(judge.name, judge.at, (), Basis.STATED)
                uses.setdefault((judge.name, judge.at), (use, []))[1].append(listener)
        self.reading.trust_lists += relays.values()
        self.reading.address_uses += [
            AddressUse(use.name, use.at, tuple(listeners), use.basis) for use, listeners in uses.values()
        ]
        self.reading.tls_policies += tls_policies(
            [(one, listener) for one, listener in self.smtpds if listener]
        )
        self.reading.listeners += self.listeners


def _is_reinjection(service: Service) -> bool:
    """A content filter gives mail back here (postfix/README_FILES/FILTER_README)."""
    content_filter = service.options.get("content_filter")
    return service.is_local or (content_filter is not None and not content_filter.value)


def _stock_name(main: Text) -> Text:
    return MadeText("smtp", main.cursor, 0, main.cursor.key_location())
