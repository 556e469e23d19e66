"""The profiles of balancers: found by walking the data folder, loaded when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from truehop.model.addresses import AddressSet
from truehop.model.facts import Basis, Tri
from truehop.profiles.folder import read_folder
from truehop.profiles.front_profile import (
    Cases,
    Clash,
    Condition,
    Detection,
    FrontProfile,
    Keeping,
    ProxySwitch,
    PublicSource,
    TypicalObject,
    Unread,
    Unset,
    Withholding,
)
from truehop.profiles.registry import read_fronts

_BASES = {"documented": Basis.DEFAULT, "assumed": Basis.ASSUMED, "unknown": Basis.UNKNOWN}


Fronts = tuple[FrontProfile, ...]


@lru_cache(maxsize=8)
def front_profiles(extra: tuple[str, ...] = ()) -> Fronts:
    """The profiles of the user's files, then those that the package carries under other ids.

    Raises:
        UserError: a file cannot be read or is not of the schema's form.
    """
    own = [make_front(document) for path in extra for document in read_fronts(path)]
    given = {profile.id for profile in own}
    return (*own, *(profile for profile in _built_in() if profile.id not in given))


@lru_cache(maxsize=1)
def _built_in() -> Fronts:
    return tuple(make_front(document) for document in read_folder("fronts"))


def front_ids(extra: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The ids that ``truehop/front`` and the configuration's ``front`` may name."""
    return tuple(profile.id for profile in front_profiles(extra))


def make_front(document: Mapping[str, Any]) -> FrontProfile:
    """A typed profile of a document that the schema admits."""
    networks = document.get("addresses", {})
    withholds = document.get("withholds")
    return FrontProfile(
        id=document["id"],
        title=document["title"],
        family=document.get("family", document["id"]),
        detection=_detection(document["detect"]),
        keeping=tuple(_keeping(entry) for entry in document["keeps_source"]),
        can_send=_tri(document["can_send"]),
        switches=tuple(_switch(entry) for entry in document.get("proxy", ())),
        attributes=tuple(document.get("attributes", ())),
        unset=_unset(document.get("unset")),
        unread=tuple(_unread(entry) for entry in document.get("unread", ())),
        conflicts=tuple(_clash(entry) for entry in document.get("conflicts", ())),
        cannot_send=_clash(document["cannot_send"]) if "cannot_send" in document else None,
        needs=_clash(document["needs"]) if "needs" in document else None,
        withholding=Withholding(**withholds) if withholds else None,
        internal=_cases(document.get("internal")),
        targets_pods=_cases(document.get("targets_pods")),
        other_keys=tuple(document.get("other_keys", ())),
        hairpin=tuple(cases for entry in document.get("hairpin", ()) if (cases := _cases(entry))),
        addresses=AddressSet.parse(*networks["networks"]) if networks else None,
        addresses_source=networks.get("source", ""),
        public_source=_public_source(document.get("public_source")),
        masquerades="masquerades" in document,
    )


def _tri(value: object) -> Tri:
    return Tri.of(value) if isinstance(value, bool) else Tri.UNKNOWN


def _condition(entry: Mapping[str, Any]) -> Condition:
    values = entry.get("values")
    return Condition(
        key=entry.get("key", ""),
        prefix=entry.get("prefix", ""),
        values=None if values is None else tuple(values),
        reads=entry.get("reads", ""),
        any_case=entry.get("any_case", False),
        filled=entry.get("filled", False),
        attribute=entry.get("attribute", ""),
        feature=entry.get("feature", ""),
        classes=tuple(entry.get("class", ())),
        policy=entry.get("policy", ""),
        sends_on=entry.get("sends_on", ""),
        decides=entry.get("decides", False),
    )


def _conditions(entry: Any) -> tuple[Condition, ...]:  # noqa: ANN401 (one condition or several, from YAML)
    entries = entry if isinstance(entry, list) else [entry]
    return tuple(_condition(one) for one in entries if not one.get("always"))


def _detection(entry: Mapping[str, Any]) -> Detection:
    return Detection(
        classes=tuple(entry.get("classes", ())),
        hints=tuple(_condition(one) for one in entry.get("hints", ())),
        prefixes=tuple(entry.get("prefixes", ())),
        objects=tuple(
            TypicalObject(one["group"], tuple(one["kinds"]), one.get("name", ""))
            for one in entry.get("objects", ())
        ),
    )


def _keeping(entry: Mapping[str, Any]) -> Keeping:
    value = _tri(entry["value"])
    return Keeping(
        when=_condition(entry["when"]) if "when" in entry else None,
        value=value,
        basis=_BASES[entry.get("basis", "unknown")],
        because=entry.get("because", ""),
        source=entry["source"],
        settles=entry.get("settles", ""),
    )


def _switch(entry: Mapping[str, Any]) -> ProxySwitch:
    return ProxySwitch(
        key=entry["key"],
        grammar=entry["grammar"],
        source=entry["source"],
        sends=entry.get("sends", ""),
        words=entry.get("words"),
        any_case=entry.get("any_case", False),
        attribute=entry.get("attribute", ""),
        invalid=entry.get("invalid", "ignored"),
        instead=entry.get("instead", ""),
        exclusive=entry.get("exclusive", False),
        basis=_said(entry),
    )


def _said(entry: Mapping[str, Any]) -> Basis:
    return Basis.ASSUMED if entry.get("basis") == "assumed" else Basis.STATED


def _unset(entry: Mapping[str, Any] | None) -> Unset | None:
    if entry is None:
        return None
    return Unset(
        _BASES[entry["basis"]],
        entry["because"],
        entry["source"],
        entry.get("env", ""),
        entry.get("sends", ""),
    )


def _unread(entry: Mapping[str, Any]) -> Unread:
    return Unread(entry["key"], entry["because"], entry["source"], entry.get("instead", ""), _said(entry))


def _clash(entry: Mapping[str, Any]) -> Clash:
    return Clash(_conditions(entry["when"]), entry["because"], entry["source"], entry.get("instead", ""))


def _public_source(entry: Mapping[str, Any] | None) -> PublicSource | None:
    if entry is None:
        return None
    unless = _conditions(entry["unless"]) if "unless" in entry else ()
    return PublicSource(**{**entry, "families": tuple(entry["families"]), "unless": unless})


def _cases(entry: Mapping[str, Any] | None) -> Cases | None:
    if entry is None:
        return None
    when = entry.get("when", [])
    unless = _conditions(entry["unless"]) if "unless" in entry else None
    is_always = any(one.get("always") for one in (when if isinstance(when, list) else [when]))
    return Cases(entry["source"], _conditions(when), unless, always=is_always)
