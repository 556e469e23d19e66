"""What the builder is asked: one scope's objects, values and files, and what the config says of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from truehop.kube.objects import World
from truehop.model.addresses import AddressSet
from truehop.model.facts import ObjectRef
from truehop.model.graph import Networks
from truehop.source.tree import Cursor, Text


@dataclass(frozen=True, slots=True)
class DeclaredFront:
    """A ``front:`` entry of the config: which Services it stands before, and what it does.

    ``sends`` is ``none``, ``v1``, ``v2`` or empty (the profile's answer); ``addresses`` are those its
    packets come from.
    """

    service: str  # glob over "namespace/name"
    kind: str = ""
    sends: str = ""
    keeps_source: bool | None = None
    addresses: AddressSet | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ValuesInput:
    """Helm values: a file of their own, or inline in a HelmRelease, HelmChart or Application.

    ``chart`` and ``version`` are empty where nobody names them. ``is_complete`` is False where more
    values come from something not in the input (``valuesFrom``).
    """

    root: Cursor
    chart: str = ""
    version: str = ""
    ref: ObjectRef | None = None
    namespace: str | None = None
    is_complete: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class ConfigFile:
    """A configuration file that is an input of its own (``main.cf``, ``dovecot.conf``)."""

    name: str
    text: Text


@dataclass(slots=True, eq=False)
class BuildRequest:
    """One scope."""

    world: World
    networks: Networks = field(default_factory=Networks)
    fronts: tuple[DeclaredFront, ...] = ()
    values: tuple[ValuesInput, ...] = ()
    files: tuple[ConfigFile, ...] = ()
    #: Paths of the user's own profile files.
    profiles: tuple[str, ...] = ()
