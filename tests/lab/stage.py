"""Starts the programs of the table in namespaces of their own, which end with all that was in them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from tests.cluster.processes import Space
from tests.lab import proxies, servers
from tests.lab.client import Seen
from tests.lab.needs import ROOT, TRAEFIK
from tests.lab.places import LAST, NETWORKS, address_of, network_of
from tests.lab.roots import SUITES, root_of
from tests.lab.table import Row

API_PORT = 8080
#: Entry points that Traefik does not start with, and how often one is started that differs each time.
NEVER_START = {"bare", "invalid"}
STARTS = 20
#: Asks Traefik how many routers it has read.
COUNT = """
import json, sys, urllib.request
found = 0
try:
    for kind in ("tcp", "http"):
        page = f"http://{sys.argv[1]}/api/{kind}/routers?per_page=9999"
        with urllib.request.urlopen(page, timeout=5) as page:
            found += sum(one["provider"] == "file" for one in json.load(page))
except OSError:
    found = 0
print(found)
"""
CERTIFY = "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=mail.example.com"
DEVICES = "mount --bind /dev {root}/dev && mount -t proc proc {root}/proc"


class Stage:
    """The namespaces with the network and the root folders in them."""

    def __init__(self, space: Space) -> None:
        """Takes namespaces that are open and empty."""
        self.space = space
        self.roots = {suite: space.state / suite for suite in SUITES}

    def prepare(self, rows: Sequence[Row]) -> None:
        """Makes all addresses local, and lays the servers' files over Debian's."""
        commands = ["ip link set lo up", "sysctl -q -w net.ipv6.ip_nonlocal_bind=1"]
        for part in NETWORKS:
            commands.append(f"ip route add local {network_of(part)} dev lo table local")
            commands.append(f"ip -6 route add local {network_of(part, 6)} dev lo table local")
        commands += [command for row in rows for command in _sources(row)]
        overlays = self.space.state / "overlays"
        commands += [f"mkdir {overlays}", f"mount -t tmpfs tmpfs {overlays}"]
        for suite, root in self.roots.items():
            upper, work = overlays / f"{suite}.upper", overlays / f"{suite}.work"
            where = f"lowerdir={root_of(suite)},upperdir={upper},workdir={work}"
            commands += [
                f"mkdir {upper} {work} {root}",
                f"mount -t overlay overlay -o {where} {root}",
                DEVICES.format(root=root),
                f"mkdir {root}/lab",
                f"chroot {root} {CERTIFY} -keyout {servers.KEY} -out {servers.CERTIFICATE} 2>&1",
            ]
        self.space.run("sh", "-e", stdin="\n".join(commands))

    def write(self, suite: str, path: str, text: str) -> None:
        """A file in a root folder."""
        self.space.run("tee", f"{self.roots[suite]}{path}", stdin=text)

    def read(self, suite: str, path: str) -> str:
        """A file of a root folder; empty where there is none."""
        return self.space.run("sh", "-c", f"cat {self.roots[suite]}{path} 2>/dev/null || :").stdout

    def said_by(self, name: str) -> str:
        """What a program that was started has printed; nothing where none was."""
        program = self.space.programs.get(name)
        return program.log.read_text(encoding="utf-8", errors="replace") if program else ""

    def chrooted(self, suite: str, *words: str) -> list[str]:
        """A command line in a root folder."""
        return ["chroot", str(self.roots[suite]), *words]

    def start_servers(self, rows: Sequence[Row]) -> None:
        """Postfix, and a Dovecot for each release and trust list."""
        own = [row for row in rows if row.is_postfix]
        for suite in sorted({row.suite for row in own}):
            here = [row for row in own if row.suite == suite]
            self.write(suite, "/etc/postfix/main.cf", servers.MAIN)
            self.write(suite, "/etc/postfix/master.cf", servers.postfix_master(here))
            self.space.start(f"postfix-{suite}", *self.chrooted(suite, "postfix", "start-fg"))
        for suite in SUITES:
            for trusts in servers.TRUSTED:
                here = [
                    row for row in rows if row.is_dovecot and (row.suite, trusts_of(row)) == (suite, trusts)
                ]
                if here:
                    self._start_dovecot(here, suite, trusts)
        webs = [row.id for row in rows if row.is_web]
        if webs:
            self.space.start("web", *self.ours("web", *webs))

    def ours(self, module: str, *words: str) -> list[str]:
        """The command line of a program of the lab's own."""
        return ["env", "-C", str(ROOT), sys.executable, "-m", f"tests.lab.{module}", *words]

    def _start_dovecot(self, rows: Sequence[Row], suite: str, trusts: str) -> None:
        name = f"dovecot-{suite}-{trusts}"
        real_ip = "real_lip" if suite == "bookworm" else "real_local_ip"
        rip = "rip" if suite == "bookworm" else "remote_ip"
        run = f"base_dir = /run/{name}\nlog_path = /var/log/{name}.log\n"
        elements = f"login_log_format_elements = server=%{{{real_ip}}} rip=%{{{rip}}}\n"
        text = servers.dovecot(rows, suite, trusts)
        # Some settings must come first in 2.4.
        head, _, rest = text.partition("protocols")
        self.write(suite, f"/lab/{name}.conf", f"{head}{run}{elements}protocols{rest}")
        held = f"{servers.VARIABLE}={servers.TRUSTED[trusts] if trusts in servers.IN_VARIABLES else ''}"
        self.space.start(name, *self.chrooted(suite, "env", held, "dovecot", "-F", "-c", f"/lab/{name}.conf"))

    def start_proxies(self, rows: Sequence[Row]) -> None:
        """HAProxy, nginx, and a Traefik for all rows that can share one."""
        shared = [row for row in rows if row.entry != "absent" and not row.is_alone]
        if shared:
            api = f"{address_of('entry', LAST + 1)}:{API_PORT}"
            self.space.start("traefik", *self.traefik("traefik", shared, api))
            self._await_routes("traefik", api, shared)
        balanced = {word: [row for row in rows if row.balancer == word] for word in ("haproxy", "nginx")}
        if balanced["haproxy"]:
            self.write("bookworm", "/lab/haproxy.cfg", proxies.haproxy(balanced["haproxy"]))
            self.space.start(
                "haproxy", *self.chrooted("bookworm", "haproxy", "-db", "-f", "/lab/haproxy.cfg")
            )
        if balanced["nginx"]:
            self.write("bookworm", "/lab/nginx.conf", proxies.nginx(balanced["nginx"]))
            self.space.start("nginx", *self.chrooted("bookworm", "nginx", "-c", "/lab/nginx.conf"))

    def start_alone(self, row: Row) -> str:
        """A Traefik for one row. What it says where it does not start, else nothing."""
        api = row.socket("entry", API_PORT)
        name = f"traefik-{row.number}"
        words = self.traefik(name, [row], api)
        if row.entry in NEVER_START:
            return self.space.run("timeout", "30", *words, is_expected_to_fail=True).stdout
        self.space.start(name, *words)
        self._await_routes(name, api, [row])
        return ""

    def try_often(self, row: Row) -> dict[str, Seen]:
        """A row whose Traefik is not the same at each start. What the last one's client saw."""
        api = row.socket("entry", API_PORT)
        seen: dict[str, Seen] = {}
        for number in range(STARTS):
            name = f"traefik-{row.number}-{number}"
            held = self.space.state / f"{name}.pid"
            words = self.traefik(name, [row], api)
            program = self.space.start(name, "sh", "-c", 'echo $$ >"$0"; exec "$@"', str(held), *words)
            self._await_routes(name, api, [row])
            seen = self.converse([row])
            self.space.run("kill", held.read_text(encoding="utf-8").strip())
            program.process.wait(timeout=30)
            del self.space.programs[name]
        return seen

    def _await_routes(self, name: str, api: str, rows: Sequence[Row]) -> None:
        number = sum(2 if row.router == "https" else 1 for row in rows)
        self.space.wait_until(
            lambda: int(self.space.run(sys.executable, "-c", COUNT, api).stdout) == number,
            f"{name} has its routes",
            of=[name],
        )

    def traefik(self, name: str, rows: Sequence[Row], api: str) -> list[str]:
        """Traefik's command line for some rows."""
        dynamic = self.space.state / f"{name}.json"
        dynamic.write_text(json.dumps(proxies.file_routes(rows)), encoding="utf-8")
        flags = [flag for row in rows for flag in proxies.entry_flags(row, row.socket("entry"))]
        flags += ["--api.insecure=true", f"--entryPoints.traefik.address={api}"]
        off = ["--global.checkNewVersion=false", "--global.sendAnonymousUsage=false"]
        return [str(TRAEFIK), *off, f"--providers.file.filename={dynamic}", *flags]

    def await_listeners(self, rows: Iterable[Row]) -> None:
        """Waits until every part of every row listens."""
        wanted = {row.socket(part) for row in rows for part in _parts(row)}

        def open_now() -> bool:
            said = self.space.run("ss", "-Hltn").stdout
            return wanted <= {line.split()[3] for line in said.splitlines()}

        self.space.wait_until(open_now, "all servers listen", of=list(self.space.programs))

    def converse(self, rows: Iterable[Row]) -> dict[str, Seen]:
        """What the clients of the rows saw, all at once."""
        words = self.ours("client", *(row.id for row in rows))
        seen = json.loads(self.space.run(*words, seconds=300).stdout)
        return {name: Seen(**one) for name, one in seen.items()}

    def versions(self) -> dict[str, str]:
        """What ran."""
        asked = {
            "Dovecot 2.3": self.chrooted("bookworm", "dovecot", "--version"),
            "Dovecot 2.4": self.chrooted("trixie", "dovecot", "--version"),
            "HAProxy": self.chrooted("bookworm", "haproxy", "-v"),
            "Postfix 3.7": self.chrooted("bookworm", "postconf", "-h", "mail_version"),
            "Postfix 3.10": self.chrooted("trixie", "postconf", "-h", "mail_version"),
            "Traefik": ["grep", "traefik/traefik/v", str(ROOT / "tools/traefik/go.mod")],
            "nginx": self.chrooted("bookworm", "sh", "-c", "nginx -v 2>&1"),
        }
        said = {name: self.space.run(*words).stdout for name, words in asked.items()}
        number = re.compile(r"\d+(?:\.\d+)+")
        return {name: found[0] if (found := number.search(text)) else text for name, text in said.items()}


def _sources(row: Row) -> Iterator[str]:
    """What connects to a row's server, its source not chosen, comes from that row's proxy."""
    server, proxy = row.address("server"), row.address("proxy")
    if ":" in server:
        yield f"ip -6 address add {proxy}/128 dev lo nodad"
        yield f"ip -6 route add local {server} dev lo src {proxy} table local"
    else:
        yield f"ip route add local {server} dev lo src {proxy} table local"


def trusts_of(row: Row) -> str:
    """The trust list of a row's Dovecot; a listener that reads no header needs none of its own."""
    return row.backend if row.backend in servers.TRUSTED else "demands"


def _parts(row: Row) -> Iterator[str]:
    yield "server"
    if row.entry not in {"absent", "repeated", *NEVER_START}:
        yield "entry"
    if row.balancer in {"haproxy", "nginx"}:
        yield "balancer"


@contextmanager
def stage(rows: Sequence[Row]) -> Iterator[Stage]:
    """A stage, prepared; it leaves neither process nor file behind."""
    space = Space.open()
    try:
        made = Stage(space)
        made.prepare(rows)
        yield made
    finally:
        space.close()
