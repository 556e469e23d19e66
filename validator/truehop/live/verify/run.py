"""One verification: every port at once, then the log, then the verdicts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from truehop.errors import UserError
from truehop.live.verify import mail_probe, web_probe
from truehop.live.verify.caller import Caller, blind, trusting
from truehop.live.verify.checks import Notebook, Place, Seen, Verification, ordered
from truehop.live.verify.evidence import Entry, Journal, gather
from truehop.live.verify.forgery import forge
from truehop.live.verify.knowledge import Knowledge
from truehop.live.verify.logs import Log
from truehop.live.verify.names import Names
from truehop.live.verify.order import Order, Target, addresses_of
from truehop.live.verify.pace import Clock, OutOfTimeError, Pacer, SystemClock
from truehop.live.verify.ports import KINDS, Kind, Language, Tls
from truehop.live.verify.tls_probe import judge_suites, judge_versions
from truehop.live.verify.trace import Trace
from truehop.live.verify.verdicts import judge_address, judge_lie
from truehop.live.verify.wire import Endpoint, TalkError, Trouble, connected

#: The ports where a login may fail, the more telling ones first.
LOGINS = (993, 143, 995, 110, 4190)
INSIDE = (
    "from inside the cluster this proves TLS and routing; it does not prove the way from outside, "
    "nor whose address is recorded for a client out there"
)


@dataclass(slots=True)
class Visit:
    """A target and what has been found there."""

    target: Target
    notebook: Notebook
    login: str = ""
    seen: Seen = field(init=False)
    honest: Trace | None = None
    lies: list[Trace] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Nothing is known yet."""
        self.seen = Seen(self.notebook.place, "unknown")


@dataclass(slots=True)
class Runner:
    """A run with all it needs; ``tell`` gets progress, ``warn`` what has to be said before it is done."""

    order: Order
    knowledge: Knowledge
    log: Log | None = None
    tell: Callable[[str], None] = lambda _: None
    warn: Callable[[str], None] = lambda _: None
    clock: Clock = field(default_factory=SystemClock)
    workers: int = 12
    is_lost: bool = False  # whether the log could not be read to its end

    def run(self) -> Verification:
        """Everything.

        Raises:
            UserError: the log, or the file of authorities, cannot be read.
        """
        order, clock = self.order, self.clock
        visits = list(self._visits())
        targets = {visit.target.address for visit in visits}
        names = Names(avoided=frozenset({*targets, *order.expected}))
        caller = Caller(
            order,
            names,
            Pacer(clock, clock.now() + order.deadline),
            trusting(order.ca_file) if order.judges_chain else blind(),
            clock,
        )
        logins = self._logins(visits, names)
        notes = [INSIDE] if order.is_inside else []
        closed = list(self._closed_elsewhere())
        if self.log is not None:
            self.log.begin()
        try:
            self._probe(caller, visits, closed)
            journal = self._read(names, visits)
        finally:
            if self.log is not None:
                self.log.end()
        is_told = bool(order.expected)
        for visit in visits:
            self._judge(visit, journal, is_told=is_told)
        checks = [check for visit in visits for check in visit.notebook.checks]
        checks += [check for notebook in closed for check in notebook.checks]
        return Verification(
            host=order.host,
            is_inside=order.is_inside,
            ports=tuple(sorted((visit.seen for visit in visits), key=lambda seen: seen.place.order)),
            checks=ordered(checks),
            notes=tuple(notes),
            logins=logins,
        )

    # --- what is to be done -------------------------------------------------------------------------

    def _visits(self) -> Iterator[Visit]:
        """The targets of every port; a port whose host has no address is one as well."""
        known: dict[str, tuple[str, ...]] = {}
        for kind in self.order.ports:
            host, port = self.order.elsewhere.get(kind.number, (self.order.host, kind.number))
            if host not in known:
                self.tell(f"looking {host} up")
                known[host] = addresses_of(host, self.order.families, self.order.patience)
            for number, address in enumerate(known[host] or ("",)):
                place = Place(kind.number, kind.name, host, port, address)
                yield Visit(Target(kind, host, port, address, is_first=not number), Notebook(place))

    def _logins(self, visits: list[Visit], names: Names) -> tuple[str, ...]:
        """Says which logins will fail; a ban counts by address, so each family has its own few."""
        order = self.order
        if self.log is None or order.account is not None or not order.logins:
            return ()
        given: dict[int, int] = {}
        chosen = []
        for visit in sorted(visits, key=lambda one: _rank(one.target.kind)):
            version = visit.target.version
            if (
                visit.target.kind.number in LOGINS
                and visit.target.address
                and given.get(version, 0) < order.logins
            ):
                given[version] = given.get(version, 0) + 1
                visit.login = names.user()
                chosen.append(f"{visit.login} at {Endpoint(visit.target.address, visit.target.port)}")
        if chosen:
            self.warn(f"{len(chosen)} logins will fail, each once (--no-login leaves them out):")
            for one in chosen:
                self.warn(f"  {one}")
        return tuple(chosen)

    def _closed_elsewhere(self) -> Iterator[Notebook]:
        for host, port in self.order.closed_elsewhere:
            yield Notebook(Place(port, "", host, port))

    # --- probing ----------------------------------------------------------------------------------

    def _probe(self, caller: Caller, visits: list[Visit], closed: list[Notebook]) -> None:
        """All ports at once; the families of one port one after the other, as they share its pace."""
        by_port: dict[tuple[int, str, int], list[Visit]] = {}
        for visit in visits:
            place = visit.notebook.place
            by_port.setdefault((place.number, place.host, place.port), []).append(visit)
        done = 0
        lock = threading.Lock()

        def work(group: list[Visit]) -> None:
            nonlocal done
            for visit in group:
                try:
                    self._visit(caller, visit)
                except OutOfTimeError:
                    words = f"the run's {self.order.deadline:g} s were over"
                    visit.notebook.unknown("session", words, "raise --deadline, or look at fewer --ports")
            with lock:
                done += 1
                self.tell(f"{done} of {len(by_port)} ports")

        with ThreadPoolExecutor(max_workers=self.workers) as pool:
            futures = [pool.submit(work, group) for group in by_port.values()]
            futures += [pool.submit(self._see_closed, notebook) for notebook in closed]
            for future in futures:
                future.result()

    def _visit(self, caller: Caller, visit: Visit) -> None:
        order, target, notebook = self.order, visit.target, visit.notebook
        if not target.address:
            families = " or ".join(f"IPv{family}" for family in order.families)
            notebook.unknown(
                "port-state", f"{target.host} has no {families} address here", "does DNS know it?"
            )
            return
        if target.kind.number in order.closed:
            self._demand_closed(notebook, visit)
            return
        # Lies first: once the log holds the honest session's name, it would hold them as well.
        if order.forges and not order.is_inside:
            visit.lies += forge(caller, target, notebook.place)
            if visit.lies and target.kind.language is Language.HTTP and target.kind.tls is Tls.IMPLICIT:
                visit.lies += web_probe.forge_headers(caller, target, notebook.place)
        if target.kind.language is Language.HTTP:
            found = web_probe.visit(caller, target, notebook)
        else:
            found = mail_probe.visit(caller, target, notebook, visit.login)
        self._judge_state(visit, found.state, found.answer)
        visit.seen = Seen(notebook.place, found.state, found.recorded, expected=found.expected)
        visit.honest = Trace("recorded-address", notebook.place, target.kind, found.expected, found.word)
        is_judged = target.kind.tls is not Tls.PLAIN and target.kind.number != 25  # noqa: PLR2004 (strictness there means plaintext)
        if found.works and is_judged and target.is_first:
            judge_versions(caller, target, notebook)
            judge_suites(caller, target, notebook)

    def _judge_state(self, visit: Visit, state: str, answer: str) -> None:
        notebook, number = visit.notebook, visit.target.kind.number
        if state == "unknown":
            notebook.unknown(
                "port-state",
                f"it cannot be reached from here: {answer}",
                "--ipv4 or --ipv6 leaves the other out",
            )
        elif number in self.order.open and state == "closed":
            notebook.failed(
                "port-state",
                f"closed, and should be open: {answer}",
                "does a Service, a policy or a firewall stand before it?",
            )
        elif number in self.order.open:
            notebook.passed("port-state", "open, as it should be")

    def _demand_closed(self, notebook: Notebook, visit: Visit | None) -> None:
        place = notebook.place
        help_ = "close it: no Service, route or policy should let it through"
        state = "closed"
        try:
            with connected(Endpoint(place.address, place.port), self.order.patience, self.order.patience):
                state = "open"
                notebook.failed("port-state", "open, and should be closed", help_)
        except TalkError as error:
            if error.trouble is Trouble.NO_WAY:
                state = "unknown"
                notebook.unknown(
                    "port-state", f"it cannot be reached from here: {error.words}", "--ipv4 or --ipv6"
                )
            else:
                notebook.passed("port-state", f"closed, as it should be: {error.words}")
        if visit is not None:
            visit.seen = Seen(place, state)

    def _see_closed(self, notebook: Notebook) -> None:
        """A port of somebody else that must not be reached from here."""
        place = notebook.place
        addresses = addresses_of(place.host, self.order.families, self.order.patience)
        if not addresses:
            notebook.unknown(
                "port-state", f"{place.host} has no address here", "does a policy keep DNS from this pod?"
            )
            return
        for address in addresses:
            notebook.place = Place(place.number, place.protocol, place.host, place.port, address)
            self._demand_closed(notebook, None)

    # --- the log ----------------------------------------------------------------------------------

    def _read(self, names: Names, visits: Iterable[Visit]) -> Journal | None:
        if self.log is None:
            return None
        self.tell("reading the log")
        traces = [trace for visit in visits for trace in (visit.honest, *visit.lies) if trace is not None]
        addresses = {address for trace in traces for address in (*trace.lies, trace.expected) if address}
        account = self.order.account.user if self.order.account is not None else ""
        journal = Journal(names.stem, frozenset(addresses), account)
        words = [trace.word for trace in traces if trace.word]
        gather(journal, self._entries, words, self.order.patience, now=self.clock.now, sleep=self.clock.sleep)
        return journal

    def _entries(self) -> Iterator[Entry]:
        """What is new in the log; a log that is lost on the way is told, and what was read of it counts."""
        try:
            yield from self.log.read() if self.log is not None and not self.is_lost else ()
        except UserError as error:
            self.is_lost = True
            self.warn(f"the log is read no further: {error}")

    def _judge(self, visit: Visit, journal: Journal | None, *, is_told: bool) -> None:
        if visit.honest is not None:
            visit.seen = judge_address(
                visit.honest, visit.seen, journal, self.knowledge, visit.notebook, is_told=is_told
            )
        for trace in visit.lies:
            judge_lie(trace, journal, visit.notebook)


def _rank(kind: Kind) -> int:
    return LOGINS.index(kind.number) if kind.number in LOGINS else len(KINDS)
