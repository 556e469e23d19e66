"""Probes of the kubelet: what they say to which listener."""

from __future__ import annotations

from collections.abc import Callable

from truehop.build.stock import Stock
from truehop.kube.workloads import Container, Workload
from truehop.kube.workloads import Probe as KubeletProbe
from truehop.model.facts import Basis, Fact
from truehop.model.listeners import Listener
from truehop.model.observed import Probe
from truehop.model.terms import Wire

#: Programs that a probe's command may run to talk to a port.
_SPEAKERS = ("nc ", "ncat", "swaks", "curl", "openssl", "telnet", "smtp-", "imap", "expect")


def find_probes(stock: Stock, seal: Callable[[Listener], Listener]) -> list[Probe]:
    """Every probe that reaches a known listener of its own pod."""
    found: list[Probe] = []
    for reading in stock.readings:
        workload = reading.workload
        if workload is None:
            continue
        for container in workload.containers:
            for probe in container.probes:
                port = _port(probe, container, workload)
                listener = stock.at(workload, port) if port is not None else None
                if listener is not None:
                    found.append(_probe(probe, container, seal(listener)))
    return found


def _port(probe: KubeletProbe, container: Container, workload: Workload) -> int | None:
    if probe.form == "exec":
        words = " ".join(probe.command)
        if not any(speaker in words for speaker in _SPEAKERS):
            return None
        numbers = [int(word) for word in words.replace(":", " ").split() if word.isdigit()]
        return next(
            (number for number in numbers if any(port.port == number for port in container.ports)), None
        )
    return workload.port_number(probe.port) if probe.port is not None else None


def _probe(probe: KubeletProbe, container: Container, listener: Listener) -> Probe:
    # A kubelet's tcpSocket probe connects and closes; http and exec ones talk.
    speaks = probe.form != "tcp" and not (probe.form == "exec" and "nc -z" in " ".join(probe.command))
    sends = Fact(Wire.NONE, basis=Basis.DEFAULT, origin="a probe sends no PROXY header")
    return Probe(
        probe.cursor.key_location(),
        listener,
        f"{probe.kind} probe of container {container.name}",
        speaks,
        sends,
    )
