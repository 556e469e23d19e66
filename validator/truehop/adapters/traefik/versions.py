"""Versions of Traefik and of its Helm chart: exact ones, moving tags and ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass

from truehop.model.facts import Tri

Version = tuple[int, int, int]

_PART = re.compile(
    r"^\s*(\^|~|>=|<=|>|<|=)?\s*v?(\d{1,6})(?:\.(\d{1,6}|[xX*]))?(?:\.(\d{1,6}|[xX*]))?(?:[-+].*)?\s*$"
)
LAST: Version = (1_000_000, 0, 0)


@dataclass(frozen=True, slots=True)
class VersionRange:
    """The versions a text may stand for: from ``low`` up to, but without, ``high``."""

    low: Version
    high: Version

    @property
    def is_exact(self) -> bool:
        """Whether it is a single release."""
        major, minor, patch = self.low
        return self.high == (major, minor, patch + 1)

    def at_least(self, text: str) -> Tri:
        """Whether the version is the given one or newer."""
        bound = _exact(text)
        if self.low >= bound:
            return Tri.YES
        return Tri.NO if self.high <= bound else Tri.UNKNOWN

    def is_exactly(self, text: str) -> Tri:
        """Whether it is just that release."""
        bound = _exact(text)
        if not self.low <= bound < self.high:
            return Tri.NO
        return Tri.YES if self.is_exact else Tri.UNKNOWN


ANY = VersionRange((0, 0, 0), LAST)


def _exact(text: str) -> Version:
    major, minor, patch = (int(part) for part in text.split("."))
    return major, minor, patch


def _bump(low: Version, position: int) -> Version:
    """The first version whose part at the position is greater."""
    major, minor, patch = low
    return [(major + 1, 0, 0), (major, minor + 1, 0), (major, minor, patch + 1)][position]


def _part(text: str) -> VersionRange | None:
    found = _PART.match(text)
    if not found:
        return ANY if text.strip() in {"*", "x", "X"} else None
    sign, *digits = found.groups()
    numbers = [int(part) for part in digits if part and part.isdigit()]
    low = (*numbers, 0, 0, 0)[:3]
    exact: Version = (low[0], low[1], low[2])
    end = _bump(exact, len(numbers) - 1)
    if sign == "^":
        end = _bump(exact, 0) if exact[0] else _bump(exact, min(len(numbers) - 1, 1))
    elif sign == "~":
        end = _bump(exact, min(len(numbers) - 1, 1))
    bounds = {">=": (exact, LAST), ">": (end, LAST), "<": ((0, 0, 0), exact), "<=": ((0, 0, 0), end)}
    low_bound, high_bound = bounds.get(sign or "", (exact, end))
    return VersionRange(low_bound, high_bound)


def parse_range(text: str | None) -> VersionRange | None:
    """The versions that ``3.6.1``, ``v3.6``, ``10.x``, ``^27.0.0`` or ``>=30 <32`` stand for.

    None for what says nothing (``latest``, alternatives with ``||``, words).
    """
    if not text or "||" in text or " - " in text:
        return None
    joined = re.sub(r"(\^|~|>=|<=|>|<|=)\s+", r"\1", text.replace(",", " "))
    found = ANY
    for word in joined.split():
        part = _part(word)
        if part is None:
            return None
        found = VersionRange(max(found.low, part.low), min(found.high, part.high))
    return found if found.low < found.high and found != ANY else None


def at_least(versions: VersionRange | None, text: str) -> Tri:
    """Whether it is that version or newer; unknown where nothing is known."""
    return versions.at_least(text) if versions else Tri.UNKNOWN


#: The Traefik that a chart release installs by default, where it changes
#: (traefik/traefik-helm-chart, ``appVersion`` in ``traefik/Chart.yaml`` of each tag).
APP_VERSIONS: tuple[tuple[str, str], ...] = (
    ("10.0.0", "2.4.9"),
    ("15.0.0", "2.9.1"),
    ("20.1.1", "2.9.4"),
    ("20.5.2", "2.9.5"),
    ("20.7.0", "2.9.6"),
    ("21.1.0", "2.9.7"),
    ("21.2.0", "2.9.8"),
    ("21.2.1", "2.9.9"),
    ("22.1.0", "2.9.10"),
    ("22.3.0", "2.10.0"),
    ("23.0.1", "2.10.1"),
    ("23.2.0", "2.10.4"),
    ("25.0.0", "2.10.5"),
    ("26.0.0", "2.10.6"),
    ("26.1.0", "2.11.0"),
    ("27.0.1", "2.11.1"),
    ("27.0.2", "2.11.2"),
    ("28.0.0", "3.0.0"),
    ("28.2.0", "3.0.1"),
    ("28.3.0", "3.0.2"),
    ("29.0.0", "3.0.4"),
    ("30.0.0", "3.1.0"),
    ("30.1.0", "3.1.2"),
    ("31.1.0", "3.1.3"),
    ("31.1.1", "3.1.4"),
    ("32.1.0", "3.1.5"),
    ("32.1.1", "3.1.6"),
    ("33.0.0", "3.2.0"),
    ("33.1.0", "3.2.1"),
    ("33.2.0", "3.2.2"),
    ("34.0.0", "3.3.1"),
    ("34.1.0", "3.3.2"),
    ("34.3.0", "3.3.3"),
    ("34.4.1", "3.3.4"),
    ("35.0.0", "3.3.5"),
    ("35.0.1", "3.3.6"),
    ("35.3.0", "3.4.0"),
    ("36.0.0", "3.4.1"),
    ("36.3.0", "3.4.3"),
    ("37.0.0", "3.5.0"),
    ("37.1.0", "3.5.1"),
    ("37.1.1", "3.5.2"),
    ("37.1.2", "3.5.3"),
    ("37.3.0", "3.6.0"),
    ("37.4.0", "3.6.2"),
    ("38.0.0", "3.6.5"),
    ("38.0.2", "3.6.6"),
    ("39.0.0", "3.6.7"),
    ("39.0.1", "3.6.8"),
    ("39.0.3", "3.6.9"),
    ("39.0.5", "3.6.10"),
    ("39.0.6", "3.6.11"),
    ("39.0.7", "3.6.12"),
    ("39.0.8", "3.6.13"),
    ("39.0.9", "3.6.15"),
    ("40.0.0", "3.7.0"),
    ("40.1.0", "3.7.1"),
    ("40.3.0", "3.7.4"),
    ("41.0.0", "3.7.5"),
    ("41.0.2", "3.7.6"),
    ("41.1.0", "3.7.9"),
    ("41.2.0", "3.7.10"),
    ("41.3.0", "3.7.11"),
)


def app_version(chart: VersionRange | None) -> str | None:
    """The Traefik of an exact chart release, from the table; None for ranges and unlisted ages."""
    if chart is None or not chart.is_exact or chart.low < _exact(APP_VERSIONS[0][0]):
        return None
    return [app for release, app in APP_VERSIONS if _exact(release) <= chart.low][-1]
