"""Programs known by their image: a profile and a container make a reading."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeVar

from truehop.adapters.addresses import host_and_port, port_number
from truehop.adapters.grammars import completeness, read_list
from truehop.adapters.readings import ClientDraft, Reading
from truehop.adapters.settings import Variable, look_up
from truehop.kube.workloads import Container
from truehop.model.addresses import parse_network
from truehop.model.facts import Basis, Fact, Location, Tri
from truehop.model.hops import (
    AddressUse,
    Effect,
    Header,
    HeaderPolicy,
    Listener,
    Switch,
    TrustEntry,
    TrustList,
    Untrusted,
    Wire,
)
from truehop.profiles.program import HeaderSwitch, Judge, KnownClient, KnownListener, Program, TrustSource
from truehop.profiles.versions import satisfies

T = TypeVar("T")
SECRET = "(from a Secret)"  # noqa: S105 (the words that stand in the place of a secret)


def read_image(reading: Reading, program: Program, container: Container) -> ImageReading:
    """Add what the profile says of this container to the reading."""
    image = ImageReading(reading, program, container)
    image.read()
    return image


@dataclass(slots=True, eq=False)
class ImageReading:
    """One container read by its profile; ``trusts`` are its lists by the profile's names."""

    reading: Reading
    program: Program
    container: Container
    mode: Fact[Header] = field(default_factory=lambda: Fact(Header.NEVER, basis=Basis.DEFAULT))
    switch_at: Location | None = None
    trusts: dict[str, TrustList] = field(default_factory=dict)
    listeners: dict[int, Listener] = field(default_factory=dict)

    @property
    def image_at(self) -> Location:
        """Where the image is named: the place of everything that is built into it."""
        return self.container.cursor.get("image").location()

    @property
    def version(self) -> str | None:
        """The version the tag names."""
        return self.container.image.version

    def read(self) -> None:
        """Fill the reading."""
        ignored = self._read_switch()
        for source in self.program.trusts:
            found = self._trust_list(source)
            if found is not None:
                self.trusts[source.key] = found
        for known in self.program.listeners:
            self.listeners[known.port] = self._listener(known)
        self.reading.listeners += self.listeners.values()
        self.reading.trust_lists += self.trusts.values()
        if ignored is not None:
            self.reading.switches.append(replace(ignored, listeners=self._switched()))
        for client in self.program.clients:
            self.reading.clients += self._clients(client)
        for judge in self.program.judges:
            self._add_judge(judge)

    def _read_switch(self) -> Switch | None:
        switch = self.program.switch
        if switch is None:
            self.switch_at = self.image_at
            return None
        variable = look_up(self.container, switch.env)
        self.switch_at = variable.at
        if not satisfies(self.version, switch.versions):
            origin = f"image version {self.version} does not know {switch.env}"
            self.mode = Fact(Header.NEVER, self.image_at, Basis.DEFAULT, origin)
            text = variable.text.value if variable.text else ""
            return self._ignored(switch, variable, origin) if text in switch.when else None
        if variable.is_unknown:
            self.mode = Fact(
                switch.otherwise,
                variable.at,
                Basis.UNKNOWN,
                f"{switch.env} is not in the input",
                variable.wants,
            )
            self.reading.gaps.append(variable.gap(self.reading.hop))
            return None
        if variable.text is None:
            self.mode = Fact(switch.otherwise, variable.at, Basis.DEFAULT, f"{switch.env} is unset")
            return None
        return self._read_value(switch, variable, variable.text.value)

    def _read_value(self, switch: HeaderSwitch, variable: Variable, value: str) -> Switch | None:
        origin = f"{switch.env} is {SECRET if variable.is_secret else repr(value)}"
        if not value and switch.empty is None:
            self.mode = Fact(
                switch.otherwise, variable.at, Basis.UNKNOWN, f"{switch.env} is empty", switch.env
            )
        elif not value:
            self.mode = Fact(
                switch.empty or switch.otherwise, variable.at, variable.basis, f"{switch.env} is empty"
            )
        else:
            mode = switch.when.get(value, switch.otherwise)
            self.mode = Fact(mode, variable.at, variable.basis, origin)
            if value not in switch.when and value.strip().lower() not in switch.off:
                return self._ignored(switch, variable, switch.because)
        return None

    def _ignored(self, switch: HeaderSwitch, variable: Variable, because: str) -> Switch:
        value = SECRET if variable.is_secret or variable.text is None else variable.text.value
        return Switch(
            switch.env,
            value,
            variable.at,
            Effect.IGNORED,
            because,
            switch.instead,
            hop=self.reading.hop,
            basis=variable.basis,
        )

    def _trust_list(self, source: TrustSource) -> TrustList | None:
        variable = look_up(self.container, source.env)
        is_active = Tri.of(not source.grants_nothing)
        if source.follows_header:
            is_active = Tri.of(self.mode.value is not Header.NEVER) if self.mode.is_known else Tri.UNKNOWN
        if source.is_optional and (variable.text is None or variable.is_secret):
            return None
        entries: tuple[TrustEntry, ...] = ()
        is_complete = Tri.YES
        if variable.is_unknown or variable.is_secret:
            self.reading.gaps.append(variable.gap(self.reading.hop))
            is_complete = Tri.UNKNOWN
        elif variable.text is not None:
            entries = read_list(source.grammar_for(self.version), variable.text)
            is_complete = completeness(entries)
        else:
            entries = tuple(
                TrustEntry(text, variable.at, parse_network(text), is_default=True) for text in source.default
            )
        return TrustList(
            source.env,
            source.use,
            variable.at,
            entries,
            is_present=not variable.is_unset,
            is_complete=is_complete,
            basis=variable.basis,
            hop=self.reading.hop,
            is_active=is_active,
        )

    def _listener(self, known: KnownListener) -> Listener:
        manners = self.program.manners
        mode = self.mode
        if not known.is_switched:
            mode = Fact(Header.NEVER, self.image_at, Basis.DEFAULT, "the image reads no header here")
        is_off = mode.is_known and mode.value is Header.NEVER
        proxy = HeaderPolicy(
            mode,
            None if is_off else self.trusts.get(known.trusts),
            manners.untrusted if known.is_switched else Untrusted.UNREAD,
            manners.absent,
            manners.stall_seconds,
            manners.versions if known.is_switched else (Wire.V1, Wire.V2),
            self.switch_at if known.is_switched else self.image_at,
            manners.refused_forms if known.is_switched else (),
        )
        return Listener(
            self.reading.hop,
            known.port,
            self._built_in(known.serves),
            proxy,
            self._built_in(known.tls),
            self.port_location(known.port),
            known.name,
            self._forwarded(known),
            self._built_in(known.demands_tls),
            self._built_in(known.offers_auth),
            self._built_in(known.cleartext_auth),
        )

    def _forwarded(self, known: KnownListener) -> HeaderPolicy | None:
        trusts = self.trusts.get(known.forwarded)
        if trusts is None:
            return None
        return HeaderPolicy(
            Fact(Header.OPTIONAL, self.image_at, Basis.DEFAULT, "the application reads X-Forwarded-For"),
            trusts,
            self.program.manners.untrusted,
            self.program.manners.absent,
            None,
            (Wire.XFF,),
            trusts.at,
        )

    def _built_in(self, value: T) -> Fact[T]:
        basis = Basis.UNKNOWN if value is Tri.UNKNOWN else Basis.DEFAULT
        return Fact(value, self.image_at, basis, f"built into the image of {self.program.title}")

    def _switched(self) -> tuple[Listener, ...]:
        return tuple(self.listeners[known.port] for known in self.program.listeners if known.is_switched)

    def port_location(self, port: int) -> Location:
        """Where the container declares the port, else where the container is named."""
        for declared in self.container.ports:
            if declared.port == port:
                return declared.cursor.get("containerPort").location()
        return self.container.cursor.get("name").location()

    def _clients(self, client: KnownClient) -> list[ClientDraft]:
        variable = look_up(self.container, client.env)
        if variable.is_unknown or variable.is_secret:
            return []
        port = client.default_port
        if client.port_env:
            told = look_up(self.container, client.port_env)
            port = (port_number(told.text.value.strip()) if told.text else None) or port
            if told.is_unknown:
                return []
        text = variable.text.value if variable.text else client.default
        found = [host_and_port(one, port) for one in text.split(",")]
        namespace = self.reading.hop.ref.namespace if self.reading.hop.ref else None
        return [
            ClientDraft(client.name, host, number, variable.at, namespace, is_default=variable.is_unset)
            for host, number in filter(None, found)
        ]

    def _add_judge(self, judge: Judge) -> None:
        at = self.image_at
        if judge.env:
            variable = look_up(self.container, judge.env)
            at = at if variable.is_unset else variable.at
        listeners = tuple(self.listeners[port] for port in judge.ports if port in self.listeners)
        self.reading.address_uses.append(AddressUse(judge.name, at, listeners, Basis.DEFAULT))
