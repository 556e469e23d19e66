"""What a profile says of a make of balancer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Tri

#: Stands for a port number in annotation keys.
PORT = "{port}"


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to hold of a Service; every part that is given has to.

    ``values`` None asks only for the key; ``reads`` is ``bool`` where the controller uses Go's
    ParseBool; ``attribute`` is a name in the profile's attribute lists, ``feature`` a word in the
    key's comma list; ``sends_on`` is ``any-port`` or ``every-port``.
    """

    key: str = ""
    prefix: str = ""
    values: tuple[str, ...] | None = None
    reads: str = ""
    any_case: bool = False
    filled: bool = False
    attribute: str = ""
    feature: str = ""
    classes: tuple[str, ...] = ()
    policy: str = ""
    sends_on: str = ""
    #: Among the variants of one family this sign settles the matter.
    decides: bool = False


@dataclass(frozen=True, slots=True)
class TypicalObject:
    """Kinds of an API group that only users of this balancer have; any name where none is given."""

    group: str
    kinds: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Detection:
    """By what a balancer is recognised, from the surest sign to the weakest."""

    classes: tuple[str, ...] = ()
    hints: tuple[Condition, ...] = ()
    prefixes: tuple[str, ...] = ()
    objects: tuple[TypicalObject, ...] = ()


@dataclass(frozen=True, slots=True)
class Keeping:
    """Whether the balancer keeps the packet's source, in a case; None for the case is every other one."""

    when: Condition | None
    value: Tri
    basis: Basis
    because: str
    source: str
    settles: str = ""

    @property
    def reason(self) -> str:
        """Why, in words: the profile's own, else what decided."""
        by = f" by {self.when.attribute or self.when.key}" if self.when else ""
        keeps = "the balancer keeps the packet's source"
        return self.because or f"{keeps if self.value is Tri.YES else 'it opens its own connection'}{by}"


@dataclass(frozen=True, slots=True)
class ProxySwitch:
    """An annotation that switches PROXY on: its grammar and what it makes the balancer send.

    ``sends`` and the values of ``words`` are ``none``, ``v1``, ``v2`` or ``unknown`` (a version that
    nobody documents). ``invalid`` is what becomes of other values: ``ignored`` (off) or ``refused``
    (the controller leaves the balancer as it is).
    """

    key: str
    grammar: str
    source: str
    sends: str = ""
    words: Mapping[str, str] | None = None
    any_case: bool = False
    attribute: str = ""
    invalid: str = "ignored"
    instead: str = ""
    exclusive: bool = False
    basis: Basis = Basis.STATED  # of what is said about values outside the grammar


@dataclass(frozen=True, slots=True)
class Unset:
    """What holds where no annotation speaks: the default, or the controller's own environment."""

    basis: Basis
    because: str
    source: str
    env: str = ""
    sends: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A key that this balancer's controller does not read although it looks like it."""

    key: str
    because: str
    source: str
    instead: str = ""
    basis: Basis = Basis.STATED


@dataclass(frozen=True, slots=True)
class Clash:
    """Settings that exclude each other, or a case in which no PROXY can be sent."""

    when: tuple[Condition, ...]
    because: str
    source: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Withholding:
    """An attribute that says whether the header waits for the client's first bytes."""

    attribute: str
    values: Mapping[str, bool]
    default: bool
    source: str


@dataclass(frozen=True, slots=True)
class Cases:
    """A yes under some conditions: if one of ``when`` holds, or none of ``unless``."""

    source: str
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] | None = None
    always: bool = False


@dataclass(frozen=True, slots=True)
class PublicSource:
    """A balancer that comes from its public address, of these families.

    Not so where the annotation ``key``, or else the controller's own environment, says true, nor under
    one of ``unless``.
    """

    key: str
    env: str
    families: tuple[int, ...]
    because: str
    source: str
    unless: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class FrontProfile:
    """What one make of balancer can do, and where its settings stand."""

    id: str
    title: str
    family: str
    detection: Detection
    keeping: tuple[Keeping, ...]
    can_send: Tri
    switches: tuple[ProxySwitch, ...] = ()
    attributes: tuple[str, ...] = ()
    unset: Unset | None = None
    unread: tuple[Unread, ...] = ()
    conflicts: tuple[Clash, ...] = ()
    cannot_send: Clash | None = None
    #: What has to be set for PROXY to be sent; where nothing of it is, the default sends none.
    needs: Clash | None = None
    withholding: Withholding | None = None
    internal: Cases | None = None
    targets_pods: Cases | None = None
    #: Annotations of the controller that are about something else than connections of clients.
    other_keys: tuple[str, ...] = ()
    hairpin: tuple[Cases, ...] = ()
    addresses: AddressSet | None = None
    addresses_source: str = ""
    public_source: PublicSource | None = None
    masquerades: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """Every annotation key that the profile names; ``{port}`` stands for a port."""
        lists: tuple[Iterable[Condition], ...] = (
            self.detection.hints,
            (case.when for case in self.keeping if case.when),
            *(cases.when for cases in self._cases()),
            *(cases.unless or () for cases in self._cases()),
            *(clash.when for clash in self.conflicts),
            self.public_source.unless if self.public_source else (),
        )
        named = {condition.key for conditions in lists for condition in conditions if condition.key}
        switches, unread = (one.key for one in self.switches), (one.key for one in self.unread)
        public = (self.public_source.key,) if self.public_source else ()
        return frozenset({*named, *self.attributes, *switches, *unread, *public, *self.other_keys})

    def _cases(self) -> tuple[Cases, ...]:
        single = (self.internal, self.targets_pods)
        return (*(cases for cases in single if cases), *self.hairpin)
