"""Mail servers and webmail: everything that is told about them, workload by workload."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from truehop.adapters.declared import ANNOTATION, read_declared
from truehop.adapters.images import ImageReading, read_image
from truehop.adapters.mail_files import MailFiles, kind_of, named_kind, read_mail_files
from truehop.adapters.named_lists import (
    is_list_name,
    lists_in_env_file,
    lists_in_values,
    may_hold_list,
    named_list,
)
from truehop.adapters.readings import Reading
from truehop.adapters.settings import look_up
from truehop.adapters.webmail import symfony_lists
from truehop.kube.objects import World
from truehop.kube.resources import Resource
from truehop.kube.workloads import Container, Workload
from truehop.model.facts import Fact, Location, ObjectRef
from truehop.model.hops import Hop, Listener, Role, TrustList
from truehop.profiles.program import Program
from truehop.profiles.registry import Index, index
from truehop.source.tree import Cursor, Text
from truehop.source.yaml import parse_embedded

YAML_NAMES = (".yaml", ".yml", ".json")


def read(world: World, profiles: tuple[str, ...] = ()) -> list[Reading]:
    """Everything the objects say, one reading a program; ``profiles`` are the user's profile files.

    Raises:
        UserError: a profile file cannot be read or is not of the schema's form.
    """
    known = index(profiles)
    readings = [reading for workload in world.workloads if (reading := _read_workload(workload, known))]
    stores = world.of("ConfigMap")
    told = {trusts.at for reading in readings for trusts in reading.trust_lists} if stores else set()
    mounted = _mounted(world) if any(kind_of(name) for store in stores for name in _keys(store)) else set()
    for resource in stores:
        reading = _read_config_map(resource, told, mounted)
        if reading is not None:
            readings.append(reading)
    return readings


def _keys(resource: Resource) -> Iterator[str]:
    return (name for name, _ in resource.get("data").entries())


def _mounted(world: World) -> set[Location]:
    """The places of all files that some container of the input mounts."""
    return {
        file.at
        for workload in world.workloads
        for container in _all_containers(workload)
        if container.cursor.get("volumeMounts").exists
        for file in container.mounts.all()
    }


def read_files(files: Iterable[tuple[str, Text]]) -> list[Reading]:
    """Configuration files that are inputs of their own, those of one folder together."""
    folders: dict[str, MailFiles] = {}
    for name, text in files:
        path = text.cursor.document.source.path or name
        prefix, kind = named_kind(path)
        if kind:
            folders.setdefault(prefix, MailFiles()).add(kind, path, text)
    readings = []
    for _, found in sorted(folders.items()):
        at = found.place()
        reading = Reading(Hop(at.path, found.role, at=at))
        read_mail_files(reading, found)
        readings.append(reading)
    return readings


def read_values(values: Iterable[tuple[Cursor, ObjectRef | None]]) -> list[Reading]:
    """Lists of trusted proxies in the values of any chart."""
    readings = []
    for root, ref in values:
        lists = [*lists_in_values(root), *symfony_lists(root)]
        if lists:
            hop = Hop(f"values of {ref}" if ref else "values", Role.OTHER, ref=ref, at=root.location())
            readings.append(Reading(hop, trust_lists=_once(lists)))
    return readings


def _once(lists: Iterable[TrustList]) -> list[TrustList]:
    """One list a place; of several the one whose program is known."""
    found: dict[Location, TrustList] = {}
    for trusts in lists:
        if trusts.at not in found or found[trusts.at].use.value == "unknown":
            found[trusts.at] = trusts
    return list(found.values())


# --- workloads -----------------------------------------------------------------------------------


def _containers(workload: Workload) -> list[Container]:
    """The containers that keep running; side-cars are init containers that do."""
    cars = [one for one in workload.init_containers if one.cursor.get("restartPolicy").string() == "Always"]
    return [*workload.containers, *cars]


def _all_containers(workload: Workload) -> list[Container]:
    return [*workload.containers, *workload.init_containers]


def _read_workload(workload: Workload, known: Index) -> Reading | None:
    containers = _containers(workload)
    known_ones = [
        (container, program) for container in containers if (program := known.find(container.image))
    ]
    programs = _running(known_ones)
    main = next(
        (pair for pair in programs if pair[1].role is not Role.OTHER), programs[0] if programs else None
    )
    role = main[1].role if main else Role.OTHER
    files = _files_of(workload)
    if main is None and files.role is not Role.OTHER:
        role = files.role
    profiled = {id(container) for container, _ in known_ones}
    listing = [one for one in containers if id(one) not in profiled and _has_lists(one)]
    is_declared = workload.pod_annotations.get(ANNOTATION).exists
    if not (programs or listing or is_declared or not files.is_empty):
        return None
    reading = Reading(_hop(workload, role, main[1].id if main else "", main[0] if main else None), workload)
    images = {program.format: read_image(reading, program, container) for container, program in programs}
    for container in listing:
        reading.trust_lists += _lists_of(container, reading.hop)
    from_files = _read_files_of(reading, files, images, containers)
    read_declared(reading, workload.pod_annotations, from_files)
    is_told = programs or from_files or reading.trust_lists or reading.clients or is_declared
    return reading if is_told else None


def _running(programs: list[tuple[Container, Program]]) -> list[tuple[Container, Program]]:
    """Of several containers with the image of one program the one that runs it, if any does.

    The others are helpers with a command of their own: a pod has each port once. Some images run arguments
    in the place of their program.
    """
    found: dict[str, tuple[Container, Program]] = {}
    for container, program in programs:
        if program.runs_arguments and container.args:
            continue
        other = found.get(program.id)
        if other is None or _standing(container, program) > _standing(*other):
            found[program.id] = (container, program)
    return list(found.values())


def _standing(container: Container, program: Program) -> tuple[bool, bool]:
    """How much speaks for a container running the program: ports that are the program's, no own command."""
    known = {listener.port for listener in program.listeners}
    return any(port.port in known for port in container.ports), not container.command


def _hop(workload: Workload, role: Role, profile: str, container: Container | None) -> Hop:
    version = None
    if container is not None and container.image.version:
        version = Fact(container.image.version, container.cursor.get("image").location())
    return Hop(
        str(workload.ref),
        role,
        profile,
        workload.ref,
        workload.name_location(),
        version,
        on_host_network=workload.host_network,
    )


def _files_of(workload: Workload) -> MailFiles:
    """The mail programs' files mounted into a pod; those of init containers where no other has them."""
    found = MailFiles()
    for container in _all_containers(workload):
        if not container.cursor.get("volumeMounts").exists:
            continue
        for file in container.mounts.all():
            kind = kind_of(file.path)
            if kind and file.text is not None and not file.is_secret:
                found.add(kind, file.path, file.text, container)
    return found


def _read_files_of(
    reading: Reading, files: MailFiles, images: dict[str, ImageReading], containers: list[Container]
) -> list[Listener]:
    if files.is_empty:
        return []
    return read_mail_files(reading, files, images, containers[0] if containers else None)


def _has_lists(container: Container) -> bool:
    """Whether a variable is named like a list; a quick look, since most containers have none."""
    if container.cursor.get("envFrom").exists:
        return any(is_list_name(name) for name in container.env.names())
    return any(is_list_name(entry.get("name").string()) for entry in container.cursor.get("env").items())


def _lists_of(container: Container, hop: Hop) -> Iterator[TrustList]:
    """Lists in the variables of a program without a profile."""
    for name in container.env.names():
        if not is_list_name(name):
            continue
        variable = look_up(container, name)
        if variable.text is not None and variable.text.value and not variable.is_secret:
            found = named_list(name, [variable.text], variable.at, hop, variable.basis)
            if found is not None:
                yield found


# --- ConfigMaps that no workload of the input reads ------------------------------------------------


def _read_config_map(resource: Resource, told: set[Location], mounted: set[Location]) -> Reading | None:
    files = MailFiles()
    lists: list[TrustList] = []
    for name, place in resource.get("data").entries():
        text = place.text
        if text is None:
            continue
        kind = kind_of(name)
        if kind:
            if place.key_location() not in mounted:
                files.add(kind, name, text)
        elif is_list_name(name):
            found = named_list(name, [text], text.location())
            lists += [found] if found else []
        elif "\n" in text.value and may_hold_list(text.value):
            lists += _lists_in_text(name, text)
    lists = [trusts for trusts in lists if trusts.at not in told]
    if files.is_empty and not lists:
        return None
    hop = Hop(str(resource.ref), files.role, ref=resource.ref, at=resource.name_location())
    reading = Reading(hop, trust_lists=_once(lists))
    read_mail_files(reading, files)
    return reading


def _lists_in_text(name: str, text: Text) -> list[TrustList]:
    if not name.endswith(YAML_NAMES):
        return lists_in_env_file(text)
    roots = [document.cursor() for document in parse_embedded(text)]
    return [found for root in roots for found in (*symfony_lists(root), *lists_in_values(root))]
