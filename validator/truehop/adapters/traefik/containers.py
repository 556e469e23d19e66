"""Traefik containers in manifests."""

from __future__ import annotations

from truehop.adapters.readings import Reading
from truehop.adapters.traefik.files import open_file
from truehop.adapters.traefik.flags import has_own_flags
from truehop.adapters.traefik.provided import read_provided
from truehop.adapters.traefik.readings import make_reading, with_hop, with_hop_gaps
from truehop.adapters.traefik.static import EXTENSIONS, Static, read_static
from truehop.kube.containers import Container
from truehop.kube.files import MountedFile
from truehop.kube.objects import World
from truehop.model.facts import Fact
from truehop.model.hops import ValueGap

#: Image names of Traefik: its own, k3s's mirror, and the commercial builds.
IMAGES = frozenset({"traefik", "mirrored-library-traefik", "library-traefik", "traefikee", "traefik-hub"})


def is_traefik(container: Container) -> bool:
    """Whether a container runs Traefik: by its image's name, or by flags that only Traefik has."""
    return container.image.name in IMAGES or has_own_flags([*container.command, *container.args])


def _version(container: Container) -> Fact[str] | None:
    image = container.image
    version = image.version if image.name in IMAGES - {"traefikee", "traefik-hub"} else None
    if version is None or image.text is None:
        return None
    return Fact(version, image.text.location(), origin=f"image {image}")


def _provider_files(container: Container, static: Static) -> tuple[list[MountedFile], list[ValueGap]]:
    """The files of the file provider: one, or a folder's."""
    files: list[MountedFile] = []
    gaps: list[ValueGap] = []
    name = static.settings.get("providers", "file", "filename")
    folder = static.settings.get("providers", "file", "directory")
    if name and name.value:
        found = container.mounts.find(name.value)
        if found is None or found.text is None:
            gaps.append(
                ValueGap("file of routes", name.at, found.wants if found else f"the file {name.value}")
            )
        else:
            files.append(found)
    elif folder and folder.value:
        named = [file for file in container.mounts.under(folder.value) if file.path.endswith(EXTENSIONS)]
        files = [file for file in named if file.text is not None]
        gaps += [ValueGap("file of routes", folder.at, file.wants) for file in named if file.text is None]
        gaps += [
            ValueGap("files of routes", folder.at, unknown.wants)
            for unknown in container.mounts.unknown_at(folder.value)
            # Beside files of routes a Secret holds the certificates that they name.
            if not (files and unknown.is_secret)
        ]
    return files, gaps


def read_container(container: Container) -> Reading:
    """One Traefik container: its static configuration, and the routes of its file provider."""
    static = read_static(container)
    workload = container.workload
    reading = make_reading(
        static.settings,
        ref=workload.ref,
        at=workload.name_location(),
        version=_version(container),
        on_host_network=workload.host_network,
        workload=workload,
        is_whole=static.is_whole,
    )
    files, gaps = _provider_files(container, static)
    reading.switches = with_hop(static.switches, reading.hop) + reading.switches
    reading.gaps += with_hop_gaps([*static.gaps, *gaps], reading.hop)
    reading.knows_all_routes = not gaps
    for file in files:
        cursor = open_file(file.text, file.path) if file.text else None
        if cursor is None:
            gap = ValueGap("file of routes", file.at, file.path, reading.hop, is_broken=True)
            reading.gaps.append(gap)
            reading.knows_all_routes = False
        else:
            provided = read_provided(cursor, reading)
            reading.routers += provided.routers
            reading.switches += with_hop(provided.switches, reading.hop)
            reading.tls_policies += provided.tls_policies
    return reading


def read(world: World) -> list[Reading]:
    """Every Traefik that the manifests run."""
    return [
        read_container(container)
        for workload in world.workloads
        for container in workload.containers
        if is_traefik(container)
    ]
