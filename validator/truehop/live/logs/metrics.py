"""Metrics for Prometheus, and a page that says that the program is ready.

No label holds an address or an account: programs, services, kinds, messages and checks are few, and bounded.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from truehop.errors import UserError
from truehop.live.logs.dictionary import by_id
from truehop.live.logs.extras import needed
from truehop.live.logs.findings import Thresholds, judge
from truehop.live.logs.summary import Summary

PREFIX = "truehop_logs"
_SEVERITIES = ("error", "warning", "info")


@dataclass(eq=False)
class Gauges:
    """What a scrape is told; the lock holds off the reading of lines while it is made."""

    summary: Summary
    thresholds: Thresholds
    lock: threading.Lock

    def collect(self) -> Iterator[Any]:
        """The metrics, made anew for each scrape."""
        core = needed("prometheus_client.core", "--listen")
        with self.lock:
            self.summary.settle()
            yield from self._counters(core)
            yield from self._gauges(core)

    def _counters(self, core: Any) -> Iterator[Any]:  # noqa: ANN401 (a module that comes late)
        summary = self.summary
        lines = core.CounterMetricFamily(f"{PREFIX}_lines", "Lines read.")
        lines.add_metric([], summary.lines)
        read = core.CounterMetricFamily(f"{PREFIX}_bytes", "Bytes read.")
        read.add_metric([], summary.size)
        errors = core.CounterMetricFamily(f"{PREFIX}_source_errors", "Times that a source of lines failed.")
        errors.add_metric([], summary.source_errors)
        labels = ["program", "service", "kind"]
        records = core.CounterMetricFamily(f"{PREFIX}_records", "Lines about clients.", labels=labels)
        for source, count in _summed(summary).items():
            records.add_metric(list(source), count)
        messages = core.CounterMetricFamily(
            f"{PREFIX}_messages", "Lines that the message dictionary explains.", labels=["message"]
        )
        # Those that were never seen as well: an increase from nothing is none to Prometheus.
        for name in by_id():
            use = summary.messages.get(name)
            messages.add_metric([name], use.count if use else 0)
        yield from (lines, read, errors, records, messages)

    def _gauges(self, core: Any) -> Iterator[Any]:  # noqa: ANN401 (a module that comes late)
        summary = self.summary
        labels = ["program", "service"]
        sessions = core.CounterMetricFamily(f"{PREFIX}_sessions", "Sessions.", labels=labels)
        inside = core.CounterMetricFamily(
            f"{PREFIX}_hop_sessions", "Sessions from inside a hop's network.", labels=[*labels, "network"]
        )
        distinct = core.GaugeMetricFamily(
            f"{PREFIX}_distinct_addresses", "Distinct addresses of the latest window.", labels=labels
        )
        for (program, service), use in summary.services.items():
            sessions.add_metric([program, service], use.sessions)
            for network, count in use.inside.items():
                inside.add_metric([program, service, network], count)
        for (program, service), slots in summary.windows.services.items():
            distinct.add_metric([program, service], len(slots[max(slots)].addresses))
        most = core.GaugeMetricFamily(
            f"{PREFIX}_accounts_of_one_address", "The most accounts behind one address in the latest window."
        )
        most.add_metric([], _most_accounts(summary))
        found = judge(summary, self.thresholds)
        findings = core.GaugeMetricFamily(
            f"{PREFIX}_findings", "Findings so far.", labels=["check", "severity"]
        )
        for check in ("shared-address", "hop-traffic", "distinct-fall", "message"):
            for severity in _SEVERITIES:
                number = sum((one.check, one.severity) == (check, severity) for one in found)
                findings.add_metric([check, severity], number)
        last = core.GaugeMetricFamily(f"{PREFIX}_last_record_timestamp_seconds", "Time of the latest record.")
        last.add_metric([], (summary.last or 0) * 60)
        yield from (sessions, inside, distinct, most, findings, last)


def _summed(summary: Summary) -> dict[tuple[str, str, str], int]:
    found: dict[tuple[str, str, str], int] = {}
    for source, count in summary.records.items():
        key = (source.program, source.service, source.kind)
        found[key] = found.get(key, 0) + count
    return found


def _most_accounts(summary: Summary) -> int:
    if summary.last is None:
        return 0
    latest = summary.last // summary.width
    counts = [
        len(entry.value.windows[latest])
        for address, entry in summary.logins.entries.items()
        if latest in entry.value.windows and not summary.hops.is_expected(address)
    ]
    return max(counts, default=0)


class _Server(ThreadingMixIn, WSGIServer):
    """A thread for each scrape, gone with the program."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    """Says nothing about scrapes, and does not wait for ever for one."""

    timeout = 10

    def log_message(self, *_: object) -> None:
        """Be silent."""


def serve(gauges: Gauges, address: str) -> WSGIServer:
    """Answer ``/metrics``, and ``/-/ready`` and ``/-/healthy``, at ``HOST:PORT`` from now on.

    Raises:
        UserError: the address is none, or taken.
    """
    host, port = parse_address(address)
    client = needed("prometheus_client", "--listen")
    registry = client.CollectorRegistry()
    registry.register(gauges)
    metrics = client.make_wsgi_app(registry)

    def application(environment: dict[str, Any], respond: Callable[..., Any]) -> Iterable[bytes]:
        path = environment.get("PATH_INFO", "")
        if path == "/metrics":
            answer: Iterable[bytes] = metrics(environment, respond)
            return answer
        is_known = path in {"/-/ready", "/-/healthy"}
        respond("200 OK" if is_known else "404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"ok\n" if is_known else b"only /metrics, /-/ready and /-/healthy\n"]

    server = type("_Bound", (_Server,), {"address_family": _family(host)})
    try:
        made: WSGIServer = make_server(host, port, application, server_class=server, handler_class=_Quiet)
    except OSError as error:
        raise UserError(
            "cannot listen there", place="--listen", value=address, cure=error.strerror or str(error)
        ) from error
    threading.Thread(target=made.serve_forever, daemon=True, name="metrics").start()
    return made


def parse_address(text: str) -> tuple[str, int]:
    """Host and port of ``127.0.0.1:9108``, ``[::1]:9108`` or ``:9108``, which is every address.

    Raises:
        UserError: it is neither.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or not int(port) < 65536:  # noqa: PLR2004 (TCP's ports)
        raise UserError("not ADDRESS:PORT", place="--listen", value=text, cure="such as 127.0.0.1:9108")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _family(host: str) -> int:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
