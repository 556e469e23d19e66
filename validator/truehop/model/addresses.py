"""Networks and sets of addresses, as integer intervals per family.

Own arithmetic instead of a library because every trust list of a large tree is judged: parsing
and set algebra stay in plain integers. The property tests compare it with netaddr.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from dataclasses import dataclass

BITS = {4: 32, 6: 128}
MAPPED_FIRST = 0xFFFF_0000_0000
MAPPED_LAST = 0xFFFF_FFFF_FFFF


@dataclass(frozen=True, slots=True, order=True)
class Network:
    """A CIDR block: family (4 or 6), first address as an integer, prefix length in bits."""

    family: int
    first: int
    prefix: int

    @property
    def last(self) -> int:
        """The last address as an integer."""
        return self.first | ((1 << (BITS[self.family] - self.prefix)) - 1)

    @property
    def is_everything(self) -> bool:
        """Whether it is all of its family."""
        return self.prefix == 0

    @property
    def is_host(self) -> bool:
        """Whether it is a single address."""
        return self.prefix == BITS[self.family]

    def covers(self, other: Network) -> bool:
        """Whether every address of the other is in this one."""
        return self.family == other.family and self.first <= other.first and other.last <= self.last

    def overlaps(self, other: Network) -> bool:
        """Whether they share an address."""
        return self.family == other.family and self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        """CIDR notation; a single address without prefix."""
        address = (ipaddress.IPv4Address if self.family == 4 else ipaddress.IPv6Address)(self.first)  # noqa: PLR2004
        return str(address) if self.is_host else f"{address}/{self.prefix}"


def parse_network(text: str, *, strict: bool = False) -> Network | None:
    """An address or CIDR (host bits are cut off unless strict), None if it is neither.

    Zone ids, netmasks and octal octets are refused, as Go's and Dovecot's parsers do.
    """
    address, slash, prefix_text = text.partition("/")
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if "%" in address or (slash and not (prefix_text.isascii() and prefix_text.isdigit())):
        return None
    bits = BITS[parsed.version]
    prefix = int(prefix_text) if slash and len(prefix_text) <= 3 else bits  # noqa: PLR2004
    if prefix > bits or (slash and len(prefix_text) > 3):  # noqa: PLR2004
        return None
    host_bits = (1 << (bits - prefix)) - 1
    if strict and int(parsed) & host_bits:
        return None
    return Network(parsed.version, int(parsed) & ~host_bits, prefix)


def network(text: str) -> Network:
    """A network that is known to be well-formed (profile data, constants).

    Raises:
        ValueError: the text is no address or CIDR.
    """
    found = parse_network(text)
    if found is None:
        raise ValueError(text)
    return found


Interval = tuple[int, int]


def _merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for first, last in sorted(intervals):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


@dataclass(frozen=True, slots=True)
class AddressSet:
    """A set of addresses of both families, as sorted disjoint intervals."""

    v4: tuple[Interval, ...] = ()
    v6: tuple[Interval, ...] = ()

    @classmethod
    def of(cls, networks: Iterable[Network]) -> AddressSet:
        """The union of networks."""
        found: dict[int, list[Interval]] = {4: [], 6: []}
        for item in networks:
            found[item.family].append((item.first, item.last))
        return cls(_merge(found[4]), _merge(found[6]))

    @classmethod
    def parse(cls, *texts: str) -> AddressSet:
        """The union of well-formed CIDRs; raises ValueError on anything else."""
        return cls.of(network(text) for text in texts)

    def family(self, family: int) -> tuple[Interval, ...]:
        """The intervals of one family."""
        return self.v4 if family == 4 else self.v6  # noqa: PLR2004

    def of_families(self, families: Collection[int]) -> AddressSet:
        """The part of these families; all of it where that is none."""
        part = AddressSet(self.v4 if 4 in families else (), self.v6 if 6 in families else ())  # noqa: PLR2004
        return part or self

    @property
    def families(self) -> tuple[int, ...]:
        """The families it has addresses of."""
        return tuple(family for family in (4, 6) if self.family(family))

    def __bool__(self) -> bool:
        """Whether it holds any address."""
        return bool(self.v4 or self.v6)

    def __or__(self, other: AddressSet) -> AddressSet:
        """Union."""
        return AddressSet(_merge((*self.v4, *other.v4)), _merge((*self.v6, *other.v6)))

    def __and__(self, other: AddressSet) -> AddressSet:
        """Intersection."""
        return AddressSet(_intersect(self.v4, other.v4), _intersect(self.v6, other.v6))

    def __sub__(self, other: AddressSet) -> AddressSet:
        """Difference."""
        return AddressSet(_subtract(self.v4, other.v4), _subtract(self.v6, other.v6))

    def covers(self, other: AddressSet) -> bool:
        """Whether every address of the other is in this one."""
        return not other - self

    def overlaps(self, other: AddressSet) -> bool:
        """Whether they share an address."""
        return bool(self & other)

    def covers_family(self, family: int) -> bool:
        """Whether it is all of IPv4 or all of IPv6."""
        return self.family(family) == ((0, (1 << BITS[family]) - 1),)

    def with_mapped(self) -> AddressSet:
        """With the IPv4 addresses that its IPv4-mapped IPv6 part stands for."""
        mapped = _intersect(self.v6, ((MAPPED_FIRST, MAPPED_LAST),))
        return self | AddressSet(tuple((first - MAPPED_FIRST, last - MAPPED_FIRST) for first, last in mapped))

    def networks(self) -> list[Network]:
        """The smallest list of CIDR blocks with the same addresses."""
        blocks: list[Network] = []
        for family in (4, 6):
            for first, last in self.family(family):
                blocks.extend(_blocks(family, first, last))
        return blocks

    def __str__(self) -> str:
        """CIDR blocks, comma separated."""
        return ", ".join(str(block) for block in self.networks())


def _intersect(left: tuple[Interval, ...], right: tuple[Interval, ...]) -> tuple[Interval, ...]:
    return _merge(
        (max(a[0], b[0]), min(a[1], b[1])) for a in left for b in right if a[0] <= b[1] and b[0] <= a[1]
    )


def _subtract(left: tuple[Interval, ...], right: tuple[Interval, ...]) -> tuple[Interval, ...]:
    rest: list[Interval] = []
    for first, last in left:
        begin = first
        for cut_first, cut_last in right:
            if cut_last < begin or cut_first > last:
                continue
            if cut_first > begin:
                rest.append((begin, cut_first - 1))
            begin = cut_last + 1
        if begin <= last:
            rest.append((begin, last))
    return tuple(rest)


def _blocks(family: int, first: int, last: int) -> Iterable[Network]:
    bits = BITS[family]
    while first <= last:
        size = min((first & -first).bit_length() - 1 if first else bits, (last - first + 1).bit_length() - 1)
        yield Network(family, first, bits - size)
        first += 1 << size


#: IPv4 space of RFC 1918, block by block.
PRIVATE_BLOCKS = tuple(network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
#: Space that is not globally routable and so belongs to no stranger: RFC 1918, 6598, 3927, 1122,
#: 5737, 2544, 6890 and 1112 for IPv4; RFC 4193, 4291, 3849 and 6666 for IPv6.
NOT_ROUTABLE = AddressSet.parse(
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "0.0.0.0/8",
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "198.18.0.0/15",
    "192.0.0.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
    "::/128",
    "2001:db8::/32",
    "100::/64",
    "ff00::/8",
    "::ffff:0:0/96",
)
