"""The configuration's text to settings; every fault with its place and cure."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from truehop.engine.config.rules import rule_choices
from truehop.engine.config.shape import cure, fault, faults
from truehop.errors import UserError
from truehop.model.addresses import parse_network
from truehop.profiles.fronts import front_ids
from truehop.rules.base import Rule
from truehop.settings import Front, Ignore, Networks, Place, RuleChoice, Scope, Settings
from truehop.source.problems import INVALID, NOT_JUDGED
from truehop.source.tree import Cursor, SourceFile
from truehop.source.yaml import load_documents

_NAMED_NETWORKS = ("pods", "nodes", "services", "loadBalancers")
_NO_NETWORKS = frozenset({"preset", "datapath", *_NAMED_NETWORKS})


def read_config(path: Path, rules: Iterable[Rule]) -> Settings:
    """The settings in a file.

    Raises:
        UserError: it cannot be read, or says what it may not.
    """
    shown = _shown(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("the configuration cannot be read", place=shown, cure=str(error)) from error
    return parse_config(text, shown, str(path.absolute().parent), rules)


def _shown(path: Path) -> str:
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()


def parse_config(text: str, path: str, folder: str, rules: Iterable[Rule]) -> Settings:
    """The settings in a text; ``path`` is how it is called, ``folder`` what it is relative to.

    Raises:
        UserError: it says what it may not; further faults are among its ``others``.
    """
    loaded = load_documents(SourceFile(path, text))
    if loaded.problems:
        problem = loaded.problems[0]
        raise UserError(f"not readable: {problem.message}", place=str(problem.at), cure=problem.help)
    if not loaded.documents:
        return Settings(folder=folder, path=path)
    if len(loaded.documents) > 1:
        second = loaded.documents[1].cursor()
        raise fault(second, "the configuration is one document", "remove what follows the first `---`")
    root = loaded.documents[0].cursor()
    ids = {rule.id: rule for rule in rules}
    profiles = tuple(str(Path(folder, name)) for name in _texts(root.get("profiles")))
    found = [*faults(root), *_sense(root, ids, profiles)]
    if found:
        raise found[0].with_others(found[1:])
    choices, wrong = rule_choices(root.get("rules"), ids)
    if wrong:
        raise wrong[0].with_others(wrong[1:])
    return _settings(root, path, folder, choices)


def _settings(root: Cursor, path: str, folder: str, choices: Mapping[str, RuleChoice]) -> Settings:
    return Settings(
        folder=folder,
        path=path,
        networks=_networks(root.get("networks")),
        fronts=_fronts(root.get("front")),
        rules=choices,
        ignores=tuple(_ignore(entry) for entry in root.get("ignore").items()),
        profiles=tuple(str(Path(folder, name)) for name in _texts(root.get("profiles"))),
        scopes=tuple(_scope(entry) for entry in root.get("scopes").items()),
        world=root.get("world").string(),
        fail_on=root.get("failOn").string(),
        baseline=root.get("baseline").string(),
    )


def place(cursor: Cursor) -> Place:
    """Where something is said."""
    at = cursor.location()
    return Place(at.path, at.line, at.column, at.end_line, at.end_column, at.pointer)


def _texts(cursor: Cursor) -> tuple[str, ...]:
    """A text or a list of them, as a tuple."""
    if cursor.is_sequence:
        return tuple(entry.string() for entry in cursor.items())
    return (cursor.string(),) if cursor.is_set else ()


def _networks(cursor: Cursor) -> Networks:
    def said(key: str) -> tuple[str, ...] | None:
        return _texts(cursor.get(key)) if cursor.get(key).exists else None

    return Networks(
        pods=said("pods"),
        nodes=said("nodes"),
        services=said("services"),
        load_balancers=said("loadBalancers"),
        other={name: _texts(entry) for name, entry in cursor.entries() if name not in _NO_NETWORKS},
        preset=cursor.get("preset").string(),
        datapath=cursor.get("datapath").string(),
        places={name: place(entry) for name, entry in cursor.entries()},
    )


def _fronts(cursor: Cursor) -> tuple[Front, ...]:
    return tuple(
        Front(
            service=entry.get("service").string(),
            kind=entry.get("kind").string(),
            sends=entry.get("sends").string() or None,
            keeps_source=entry.get("keepsSource").boolean(),
            addresses=_texts(entry.get("from")),
            at=place(entry.get("service")),
        )
        for entry in cursor.items()
    )


def _ignore(entry: Cursor) -> Ignore:
    until = entry.get("until").string()
    return Ignore(
        rules=_texts(entry.get("rule")),
        reason=entry.get("reason").string().strip(),
        path=entry.get("path").string(),
        object=entry.get("object").string(),
        until=date.fromisoformat(until) if until else None,
        at=place(
            next((found for key in ("rule", "path", "object") if (found := entry.get(key)).exists), entry)
        ),
    )


def _scope(entry: Cursor) -> Scope:
    networks, front = entry.get("networks"), entry.get("front")
    return Scope(
        paths=_texts(entry.get("paths")),
        name=entry.get("name").string(),
        values=_texts(entry.get("values")),
        set=_texts(entry.get("set")),
        set_string=_texts(entry.get("setString")),
        release=entry.get("release").string(),
        namespace=entry.get("namespace").string(),
        networks=_networks(networks) if networks.is_set else None,
        fronts=_fronts(front) if front.is_set else None,
        world=entry.get("world").string(),
        at=place(entry.get("paths")),
    )


def _sense(root: Cursor, rules: Mapping[str, Rule], profiles: tuple[str, ...]) -> Iterator[UserError]:
    """What the schema cannot say: addresses, dates, ids, and an ignore without any bound."""
    for holder in (root, *root.get("scopes").items()):
        yield from _addresses(holder)
        yield from _makes(holder, profiles)
    known = [*rules, INVALID, NOT_JUDGED]
    for entry in root.get("ignore").items():
        for text in _named(entry.get("rule")):
            if text.string() and text.string() not in known:
                yield fault(text, f"there is no rule {text.string()!r}", cure(text.string(), known))
        if not any(entry.get(key).is_set for key in ("rule", "path", "object")):
            yield fault(entry, "an ignore without bounds", "name a rule, a path or an object")
        until = entry.get("until")
        if until.is_set and not _is_date(until.string()):
            yield fault(until, f"{until.string()!r} is no date", "write it as 2030-12-31")


def _makes(holder: Cursor, profiles: tuple[str, ...]) -> Iterator[UserError]:
    kinds = [kind for front in holder.get("front").items() if (kind := front.get("kind")).is_set]
    known = front_ids(profiles) if kinds else ()
    for kind in kinds:
        if kind.string() not in known:
            yield fault(kind, f"there is no profile {kind.string()!r}", cure(kind.string(), known))


def _addresses(holder: Cursor) -> Iterator[UserError]:
    networks = holder.get("networks")
    texts = [
        text
        for name, entry in networks.entries()
        if name not in {"preset", "datapath"}
        for text in _named(entry)
    ]
    texts += [text for front in holder.get("front").items() for text in _named(front.get("from"))]
    for text in texts:
        if text.is_string and parse_network(text.string(), strict=True) is None:
            loose = parse_network(text.string())
            words = f"the network is {loose}" if loose else "write it as 10.42.0.0/16 or 2001:db8::/48"
            yield fault(text, f"{text.string()!r} is no network", words)


def _named(cursor: Cursor) -> list[Cursor]:
    return list(cursor.items()) if cursor.is_sequence else [cursor]


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
