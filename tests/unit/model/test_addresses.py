"""Set algebra of networks against netaddr and against brute force."""

from __future__ import annotations

import ipaddress

import netaddr
from hypothesis import given
from hypothesis import strategies as st

from truehop.model.addresses import AddressSet, Network, parse_network


def cidrs(family: int = 4, low: int = 0) -> st.SearchStrategy[str]:
    bits = 32 if family == 4 else 128
    kind = ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address
    return st.builds(
        lambda number, prefix: (
            f"{kind(number >> (bits - prefix) << (bits - prefix) if prefix else 0)}/{prefix}"
        ),
        st.integers(0, 2**bits - 1),
        st.integers(low, bits),
    )


SETS = st.lists(cidrs(4) | cidrs(6), max_size=6)
#: Addresses 10.0.0.0 to 10.0.0.63: small enough to count one by one.
SMALL = st.lists(
    st.builds(
        lambda number, prefix: Network(4, (10 << 24) + (number >> (32 - prefix) << (32 - prefix)), prefix),
        st.integers(0, 63),
        st.integers(26, 32),
    ),
    max_size=5,
)


def as_netaddr(texts: list[str]) -> netaddr.IPSet:
    return netaddr.IPSet(texts)


def members(networks: list[Network]) -> set[int]:
    return {number for network in networks for number in range(network.first, network.last + 1)}


def flat(found: AddressSet) -> set[int]:
    return {number for first, last in found.v4 for number in range(first, last + 1)}


@given(SETS, SETS)
def test_algebra_agrees_with_netaddr(left: list[str], right: list[str]) -> None:
    a, b = AddressSet.parse(*left), AddressSet.parse(*right)
    x, y = as_netaddr(left), as_netaddr(right)
    assert blocks(a | b) == _blocks(x | y)
    assert blocks(a & b) == _blocks(x & y)
    assert blocks(a - b) == _blocks(x - y)
    assert a.covers(b) == y.issubset(x)
    assert a.overlaps(b) == (not x.isdisjoint(y))


def blocks(found: AddressSet) -> set[tuple[int, int, int]]:
    return {(block.family, block.first, block.prefix) for block in found.networks()}


def _blocks(found: netaddr.IPSet) -> set[tuple[int, int, int]]:
    return {(block.version, block.first, block.prefixlen) for block in found.iter_cidrs()}


@given(SMALL, SMALL)
def test_algebra_agrees_with_counting(left: list[Network], right: list[Network]) -> None:
    a, b = AddressSet.of(left), AddressSet.of(right)
    assert flat(a | b) == members(left) | members(right)
    assert flat(a & b) == members(left) & members(right)
    assert flat(a - b) == members(left) - members(right)
    assert a.covers(b) == (members(right) <= members(left))


@given(st.integers(0, 8))
def test_a_family_is_covered_by_the_halves_of_its_parts(depth: int) -> None:
    parts = [Network(4, index << (32 - depth), depth) for index in range(2**depth)]
    assert AddressSet.of(parts).covers_family(4)
    assert not AddressSet.of(parts[1:]).covers_family(4)
    assert not AddressSet.of(parts).covers_family(6)


@given(cidrs(4) | cidrs(6))
def test_a_network_reads_and_writes_itself(text: str) -> None:
    found = parse_network(text)
    assert found is not None
    assert parse_network(str(found)) == found
    assert found.covers(found)
    assert found.overlaps(found)


def test_mapped_addresses_stand_for_ipv4() -> None:
    mapped = AddressSet.parse("::ffff:0:0/96")
    assert not mapped.covers_family(4)
    assert mapped.with_mapped().covers_family(4)
    assert str(AddressSet.parse("::ffff:10.0.0.0/104").with_mapped()) == "10.0.0.0/8, ::ffff:a00:0/104"


def test_what_is_no_network_is_none() -> None:
    for text in (
        "",
        "localhost",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/255.0.0.0",
        "010.0.0.1",
        "10.0.0",
        "::1%eth0",
        "10.0.0.0/",
        "10.0.0.0/８",
        "::/129",
        "1.2.3.4/0032",
        "*",
    ):
        assert parse_network(text) is None, text


def test_host_bits_matter_only_when_strict() -> None:
    assert str(parse_network("10.1.2.3/8")) == "10.0.0.0/8"
    assert parse_network("10.1.2.3/8", strict=True) is None
    assert str(parse_network("10.0.0.0/8", strict=True)) == "10.0.0.0/8"


def test_the_part_of_a_family_is_all_of_it_where_there_is_none() -> None:
    both = AddressSet.parse("10.42.0.0/16", "fd42::/48")
    assert str(both.of_families((4,))) == "10.42.0.0/16"
    assert str(both.of_families((6,))) == "fd42::/48"
    assert both.of_families((4, 6)) == both
    one = AddressSet.parse("10.42.0.0/16")
    assert one.of_families((6,)) == one
