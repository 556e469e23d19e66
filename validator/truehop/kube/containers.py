"""Containers: image, command, environment, ports, probes and files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from truehop.kube.environment import Environment, PodContext, read_environment
from truehop.kube.files import Files, read_files
from truehop.kube.images import ImageRef
from truehop.source.tree import Cursor, Text

if TYPE_CHECKING:
    from truehop.kube.workloads import Workload

PROBES = ("startup", "readiness", "liveness")
HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True, eq=False)
class ContainerPort:
    """A declared port of a container."""

    name: str
    port: int
    host_port: int | None
    host_ip: str
    protocol: str
    cursor: Cursor


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """A probe: which kind, in which form, at which port."""

    kind: str  # "readiness", "liveness" or "startup"
    form: str  # "tcp", "http", "exec" or "grpc"
    port: int | str | None
    command: list[str]
    cursor: Cursor


@dataclass(eq=False)
class Container:
    """A container of a pod; everything but its name is read when it is asked for."""

    name: str
    cursor: Cursor
    workload: Workload
    pod: PodContext
    is_init: bool = False

    @cached_property
    def image(self) -> ImageRef:
        """The image, taken apart."""
        return ImageRef.parse(self.cursor.get("image").text)

    @cached_property
    def env(self) -> Environment:
        """The environment the program gets."""
        return read_environment(self.cursor, self.pod)

    @cached_property
    def mounts(self) -> Files:
        """The files that volumes put into it."""
        return read_files(self.cursor, self.pod, self.env)

    @cached_property
    def command(self) -> list[Text]:
        """What replaces the image's entry point, references replaced where their values are known."""
        return self._texts("command")

    @cached_property
    def args(self) -> list[Text]:
        """What replaces the image's arguments, references replaced where their values are known."""
        return self._texts("args")

    @cached_property
    def ports(self) -> list[ContainerPort]:
        """The declared ports (others may be open all the same)."""
        found = []
        for place in self.cursor.get("ports").items():
            number = port_of(place.get("containerPort"))
            if isinstance(number, int):
                host_port = port_of(place.get("hostPort"))
                found.append(
                    ContainerPort(
                        place.get("name").string(),
                        number,
                        host_port if isinstance(host_port, int) else None,
                        place.get("hostIP").string(),
                        place.get("protocol").string("TCP").upper(),
                        place,
                    )
                )
        return found

    @cached_property
    def probes(self) -> list[Probe]:
        """Its probes."""
        found = []
        for kind in PROBES:
            place = self.cursor.get(f"{kind}Probe")
            for key, form in (("tcpSocket", "tcp"), ("httpGet", "http"), ("grpc", "grpc"), ("exec", "exec")):
                action = place.get(key)
                if action.is_set:
                    command = [word.string() for word in action.get("command").items()]
                    found.append(Probe(kind, form, port_of(action.get("port")), command, place))
                    break
        return found

    def _texts(self, key: str) -> list[Text]:
        texts = [place.text for place in self.cursor.get(key).items()]
        return [self.env.expand(text) for text in texts if text is not None]


def port_of(place: Cursor) -> int | str | None:
    """A port as a number, a name as text, None where nothing or something else stands."""
    number = place.integer()
    if number is not None:
        return number if 0 < number <= HIGHEST_PORT else None
    return place.string() or None
