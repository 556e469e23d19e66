"""``truehop logs`` from what was asked to what was found."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from truehop.errors import UserError
from truehop.live.kube import Cluster
from truehop.live.logs.findings import LogFinding, Thresholds, judge
from truehop.live.logs.hops import Hops, expected_of, networks_of
from truehop.live.logs.metrics import Gauges, serve
from truehop.live.logs.scanning import CHUNK, Stream, whole_lines
from truehop.live.logs.sources import STANDARD_INPUT, blocks, follow
from truehop.live.logs.summary import Summary

#: Seconds between two judgements while a log is followed.
LOOK = 5.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class LogRequest:
    """What is asked. ``window`` is in minutes, ``since`` in seconds before now."""

    files: tuple[str, ...] = ()
    kube: bool = False
    context: str = ""
    namespace: str = ""
    selector: str = ""
    follow: bool = False
    since: float | None = None
    window: int = 10
    config: str = ""
    manifests: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    accounts: int = 10
    listen: str = ""


@dataclass
class LogOutcome:
    """What came of it. ``unread`` are the sources that could not be read to their end."""

    summary: Summary
    found: list[LogFinding]
    fail_on: str
    unread: int = 0


@dataclass
class _Run:
    """One run: the summary, and who is told what while it goes on."""

    request: LogRequest
    say: Say
    stop: threading.Event
    summary: Summary
    thresholds: Thresholds
    lock: threading.Lock = field(default_factory=threading.Lock)
    unread: int = 0
    told: set[tuple[str, ...]] = field(default_factory=set)

    def take(self, sources: Iterator[tuple[str, Iterator[bytes]]]) -> None:
        """Read each source to its end, or until it is interrupted."""
        for _, source in sources:
            stream = Stream(self.summary)
            try:
                for block in source:
                    with self.lock:
                        stream.feed(block)
            except UserError as error:
                self.unread += 1
                self.warn(str(error))

    def warn(self, words: str) -> None:
        """Something failed and is tried again."""
        self.summary.source_errors += 1
        self.say(f"truehop: {words}")

    def watch(self, source: Iterator[bytes]) -> None:
        """Follow a source until it is interrupted; what is newly found is said at once."""
        stream = Stream(self.summary)
        due = time.monotonic() + LOOK
        for block in source:
            with self.lock:
                if block:
                    stream.feed(block)
                if time.monotonic() < due:
                    continue
                self.summary.settle()
                found = judge(self.summary, self.thresholds)
            due = time.monotonic() + LOOK
            for one in found:
                key = (one.check, one.program, one.service, one.address, one.dictionary)
                if key not in self.told:
                    self.told.add(key)
                    self.say(f"{one.severity} {one.dictionary or one.check}: {one.message}")


def run(request: LogRequest, say: Say, stop: threading.Event | None = None) -> LogOutcome:
    """Read all that is asked for and judge it; an interruption ends the reading, not the judging.

    ``say`` gets lines about what goes on; ``stop`` ends what is followed.

    Raises:
        UserError: something in the request is wrong, or a cluster cannot be reached.
    """
    for name in request.files:
        if name != STANDARD_INPUT and not Path(name).is_file():
            raise UserError("there is no such log", place=name)
    networks, settings = networks_of(request.config, request.manifests)
    hops = Hops(networks, expected_of(request.expect))
    going = _Run(
        request,
        say,
        stop or threading.Event(),
        Summary(width=request.window, hops=hops),
        Thresholds(accounts=request.accounts),
    )
    with _listening(going):
        try:
            _read(going)
        except KeyboardInterrupt:
            going.stop.set()
    going.summary.settle()
    going.summary.windows.close()
    found = judge(going.summary, going.thresholds)
    return LogOutcome(going.summary, found, settings.fail_on or "error", going.unread)


def _read(going: _Run) -> None:
    request = going.request
    if request.kube:
        cluster = Cluster.connect(request.context, request.namespace, request.selector)
        cluster.warn = going.warn
        if request.follow:
            going.watch(cluster.follow(request.since, stop=going.stop))
        else:
            going.take(iter([(cluster.namespace, cluster.read(request.since))]))
    elif request.follow and STANDARD_INPUT not in request.files:
        going.watch(follow(request.files, CHUNK, going.stop))
    elif request.follow:
        going.watch(whole_lines(blocks(STANDARD_INPUT, CHUNK)))
    else:
        going.take((name, whole_lines(blocks(name, CHUNK))) for name in request.files)


@contextmanager
def _listening(going: _Run) -> Iterator[None]:
    if not going.request.listen:
        yield
        return
    server = serve(Gauges(going.summary, going.thresholds, going.lock), going.request.listen)
    going.say(f"truehop: metrics at http://{server.server_name}:{server.server_port}/metrics")
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
