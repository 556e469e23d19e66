"""The files that volumes put into a container."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from truehop.kube.environment import SOURCES, Environment, PodContext
from truehop.kube.stores import Entry, Store, wants
from truehop.kube.texts import unknown_parts
from truehop.model.facts import Tri
from truehop.source.location import Location, ObjectRef
from truehop.source.tree import Cursor, Text

#: More files than any container is given: mounts beyond them are taken as unknown.
MOST_FILES = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class MountedFile:
    """A file of a ConfigMap or Secret; ``text`` is None where the input does not tell it."""

    path: str
    text: Text | None
    place: Cursor
    wants: str = ""
    is_secret: bool = False
    #: What should hold it is not in the input, or has no such key.
    is_absent: bool = False

    @property
    def at(self) -> Location:
        """The key that holds the file, or where the volume names what is missing."""
        return self.place.key_location()


@dataclass(frozen=True, slots=True, eq=False)
class UnknownFolder:
    """A mounted folder whose content the input does not tell."""

    path: str
    wants: str
    place: Cursor
    #: Only Secrets are missing in it.
    is_secret: bool = False

    @property
    def at(self) -> Location:
        """Where the mount stands."""
        return self.place.location()


@dataclass(slots=True, eq=False)
class Files:
    """All mounted files of one container; what the image itself holds is not here."""

    files: dict[str, MountedFile] = field(default_factory=dict)
    unknown: list[UnknownFolder] = field(default_factory=list)
    mounts: dict[str, bool] = field(default_factory=dict)  # mount point: whether its content is known

    def find(self, path: str) -> MountedFile | None:
        """The file at a path: None where no mount puts one there, without text where one may."""
        path = _normal(path)
        found = self.files.get(path)
        if found is not None:
            return found
        folder = self._mount_over(path)
        unknown = next((entry for entry in self.unknown if entry.path == folder), None)
        return MountedFile(path, None, unknown.place, unknown.wants) if unknown else None

    def under(self, folder: str) -> list[MountedFile]:
        """The known files below a folder, in order of their paths."""
        start = _normal(folder).rstrip("/") + "/"
        return [self.files[path] for path in sorted(self.files) if path.startswith(start)]

    def unknown_at(self, folder: str) -> list[UnknownFolder]:
        """The mounts of unknown content that may put files below a folder."""
        path = _normal(folder)
        over, start = self._mount_over(path), path.rstrip("/") + "/"
        return [entry for entry in self.unknown if entry.path == over or entry.path.startswith(start)]

    def all(self) -> list[MountedFile]:
        """Every known file, in order of their paths."""
        return self.under("/")

    def _mount_over(self, path: str) -> str | None:
        while path not in self.mounts:
            if path == "/":
                return None
            path = posixpath.dirname(path)
        return path


@dataclass(frozen=True, slots=True, eq=False)
class _Volume:
    """A volume's files by relative path, and what is unknown of it."""

    files: list[tuple[str, MountedFile]]
    wants: str = ""
    is_secret: bool = False


def read_files(container: Cursor, pod: PodContext, environment: Environment) -> Files:
    """The files in a container, deeper mounts over the ones above them."""
    volumes = {volume.get("name").string(): volume for volume in pod.spec.get("volumes").items()}
    files = Files()
    mounts = [mount for mount in container.get("volumeMounts").items() if mount.get("mountPath").string()]
    for mount in sorted(mounts, key=lambda place: _normal(place.get("mountPath").string()).count("/")):
        _mount(files, mount, volumes.get(mount.get("name").string()), pod, environment)
    return files


def _mount(
    files: Files, mount: Cursor, volume: Cursor | None, pod: PodContext, environment: Environment
) -> None:
    path = _normal(mount.get("mountPath").string())
    content = _read_volume(volume, pod) if volume else _Volume([], "a volume claim")
    sub_path = mount.get("subPath").string()
    expression = mount.get("subPathExpr").text
    if expression is not None:
        expanded = environment.expand(expression)
        sub_path = expanded.value
        if unknown_parts(expanded):
            content = _Volume([], unknown_parts(expanded)[0].wants)
    if len(files.files) + len(content.files) > MOST_FILES:
        content = _Volume([], "a sensible number of files")
    _clear(files, path)
    is_known = not content.wants
    for relative, file in content.files:
        target = _place(path, relative, posixpath.normpath(sub_path) if sub_path else "")
        if target is not None:
            files.files[target] = MountedFile(target, file.text, file.place, file.wants, file.is_secret)
    files.mounts[path] = is_known
    if not is_known:
        files.unknown.append(UnknownFolder(path, content.wants, mount.get("name"), content.is_secret))


def _clear(files: Files, path: str) -> None:
    """A mount hides what stood there before."""
    start = path.rstrip("/") + "/"
    for known in [name for name in files.files if name == path or name.startswith(start)]:
        del files.files[known]
    files.unknown = [entry for entry in files.unknown if entry.path != path]


def _place(mount_path: str, relative: str, sub_path: str) -> str | None:
    if not sub_path or sub_path == ".":
        return posixpath.normpath(posixpath.join(mount_path, relative))
    if relative == sub_path:
        return mount_path
    if relative.startswith(sub_path + "/"):
        return posixpath.join(mount_path, relative[len(sub_path) + 1 :])
    return None


def _read_volume(volume: Cursor, pod: PodContext) -> _Volume:
    for kind_key, kind in SOURCES.items():
        source = volume.get(kind_key)
        if source.is_set:
            name = source.get("secretName" if kind == "Secret" else "name")
            return _read_source(kind, name, source, pod)
    if volume.get("projected").is_set:
        return _read_projected(volume.get("projected"), pod)
    kind_name = next((key for key, _ in volume.entries() if key != "name"), "volume")
    return _Volume([], f"the content of the {kind_name} {volume.get('name').string()}")


def _read_projected(projected: Cursor, pod: PodContext) -> _Volume:
    files: list[tuple[str, MountedFile]] = []
    missing: list[_Volume] = []
    for source in projected.get("sources").items():
        for kind_key, kind in SOURCES.items():
            part = source.get(kind_key)
            if part.is_set:
                read = _read_source(kind, part.get("name"), part, pod)
                files.extend(read.files)
                missing += [read] if read.wants else []
        for entry in source.get("downwardAPI", "items").items():
            relative = _relative(entry.get("path"))
            if relative:
                files.append((relative, MountedFile("", None, entry.get("path"), "a field of the pod")))
    worst = min(missing, key=lambda part: part.is_secret, default=_Volume([]))
    return _Volume(files, worst.wants, worst.is_secret)


def _read_source(kind: str, name: Cursor, source: Cursor, pod: PodContext) -> _Volume:
    ref = ObjectRef(kind, name.string(), pod.namespace)
    store = pod.find_store(kind, ref.name)
    chosen = source.get("items")
    is_known = store is not None or pod.world.is_whole(pod.namespace) is Tri.YES
    may_lack = source.get("optional").boolean() is True and is_known
    if chosen.is_sequence:
        found = _chosen_files(chosen, store, ref)
        return _Volume([(path, file) for path, file in found if not (may_lack and file.is_absent)])
    if store is None:
        return _Volume([], "" if may_lack else wants(ref), is_secret=kind == "Secret")
    return _Volume([(key, _file(entry, ref, key)) for key, entry in store.entries.items()])


def _chosen_files(chosen: Cursor, store: Store | None, ref: ObjectRef) -> Iterator[tuple[str, MountedFile]]:
    for choice in chosen.items():
        key, relative = choice.get("key").string(), _relative(choice.get("path"))
        if not key or not relative:
            continue
        entry = store.entries.get(key) if store else None
        if entry is None:
            is_secret = ref.kind == "Secret"
            yield (
                relative,
                MountedFile("", None, choice.get("key"), wants(ref, key), is_secret, is_absent=True),
            )
        else:
            yield relative, _file(entry, ref, key)


def _file(entry: Entry, ref: ObjectRef, key: str) -> MountedFile:
    missing = "" if entry.text is not None else wants(ref, key)
    return MountedFile("", entry.text, entry.cursor, missing, entry.is_secret)


def _relative(path: Cursor) -> str | None:
    """A path inside a volume; the API server refuses absolute ones and ``..``."""
    written = path.string()
    if not written or written.startswith("/") or ".." in written.split("/"):
        return None
    return posixpath.normpath(written)


def _normal(path: str) -> str:
    return posixpath.normpath("/" + path.lstrip("/"))


__all__ = ["Files", "MountedFile", "UnknownFolder", "read_files"]
