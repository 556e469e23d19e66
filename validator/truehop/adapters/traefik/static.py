"""Where a Traefik takes its static configuration from: a file, else flags, else variables.

The first source that yields something wins alone (traefik@v3.7.9 ``cmd/traefik/traefik.go``,
``pkg/cli/loader_file.go``, ``loader_flag.go``, ``loader_env.go``).

Source only: which of file, flags and variables counts where several are there
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from truehop.adapters.traefik.files import open_file
from truehop.adapters.traefik.flags import Flag, read_flags, tree_of
from truehop.adapters.traefik.settings import Setting, from_cursor, root
from truehop.adapters.traefik.variables import Variable, read_variables, tree_of_variables, unsayable
from truehop.kube.containers import Container
from truehop.kube.files import MountedFile
from truehop.model.hops import Effect, Switch, ValueGap
from truehop.source.location import Location

EXTENSIONS = (".toml", ".yaml", ".yml")


@dataclass(slots=True, eq=False)
class Static:
    """The configuration that counts, and the settings that do not."""

    settings: Setting
    source: str  # "file", "flags", "variables" or "defaults"
    switches: list[Switch] = field(default_factory=list)
    gaps: list[ValueGap] = field(default_factory=list)
    is_whole: bool = True


def _search_paths(container: Container) -> Iterator[str]:
    """The places of a file when no flag names one, in Traefik's order."""

    def variable(name: str, default: str) -> str:
        value = container.env.get(name)
        return value.text.value if value and value.text else default

    config_home = variable("XDG_CONFIG_HOME", "")
    folders = ["/etc/traefik", config_home, f"{variable('HOME', '/root')}/.config"]
    folders.append(container.cursor.get("workingDir").string("/"))
    for folder in folders:
        if folder:
            yield from (posixpath.join(folder, f"traefik{extension}") for extension in EXTENSIONS)


def _file(
    container: Container, flags: list[Flag], fallback: Location
) -> tuple[MountedFile | None, ValueGap | None]:
    """The configuration file: found, or named but not in the input."""
    named = next((flag for flag in reversed(flags) if flag.key == "configfile" and flag.value), None)
    path = named.value.value if named and named.value else ""
    variable = container.env.get("TRAEFIK_CONFIGFILE")
    at = named.token.location() if named else fallback
    if not named and not flags and variable and variable.text:
        path, at = variable.text.value, variable.at
    if path:
        found = container.mounts.find(path)
        if found is None or found.text is None:
            return None, ValueGap("configuration file", at, found.wants if found else f"the file {path}")
        return found, None
    for candidate in _search_paths(container):
        found = container.mounts.find(candidate)
        if found is not None and found.text is not None:
            return found, None
        if found is not None and candidate in container.mounts.files:
            return None, ValueGap("configuration file", found.at, found.wants)
    return None, None


def _losers(
    name: str, places: list[tuple[str, str, Location]], effect: Effect, because: str, other: Location | None
) -> list[Switch]:
    """One switch for each setting of an entry point that does not count; without those one for all."""
    chosen = [place for place in places if "entrypoints" in place[0].lower()]
    if not chosen and places:
        chosen = places[:1]
    return [
        Switch(
            written, value, at, effect, because, instead=f"one source of configuration: {name}", other=other
        )
        for written, value, at in chosen
    ]


def _flag_places(flags: list[Flag]) -> list[tuple[str, str, Location]]:
    return [
        (flag.written, flag.value.value if flag.value else "", flag.token.location())
        for flag in flags
        if flag.key != "configfile"
    ]


def _variable_places(variables: list[Variable]) -> list[tuple[str, str, Location]]:
    return [
        (variable.name, variable.shown, variable.named_at)
        for variable in variables
        if variable.name != "TRAEFIK_CONFIGFILE"
    ]


def read_static(container: Container) -> Static:
    """The static configuration of a container, and the switches that lose against it."""
    fallback = container.cursor.get("args").location()
    flags = read_flags([*container.command, *container.args])
    variables, switches = read_variables(container.env)
    file, gap = _file(container, flags, fallback)
    if gap is not None:
        return Static(root(fallback), "file", switches, [gap], is_whole=False)
    cursor = open_file(file.text, file.path) if file and file.text else None
    if file is not None and file.text is not None:
        because = f"with the configuration file {file.path} all flags and variables are ignored"
        switches += _losers("the file", _flag_places(flags), Effect.CANCELLED, because, file.at)
        switches += _losers("the file", _variable_places(variables), Effect.IGNORED, because, file.at)
        if cursor is None:
            gap = ValueGap("configuration file", file.at, file.path, is_broken=True)
            return Static(root(file.at), "file", switches, [gap], is_whole=False)
        return Static(from_cursor(cursor), "file", switches)
    if flags:
        tree, unstable = tree_of(flags, root(fallback))
        because = "with any flag given all TRAEFIK_ variables are ignored"
        switches += _losers(
            "the flags", _variable_places(variables), Effect.IGNORED, because, flags[0].token.location()
        )
        return Static(tree, "flags", [*switches, *unstable])
    gaps = [ValueGap("static configuration", at, wants) for wants, at in container.env.unknown_sources]
    tree, more = tree_of_variables(variables, root(fallback))
    gaps += more
    switches += unsayable(variables)
    return Static(tree, "variables" if variables else "defaults", switches, gaps, is_whole=not gaps)
