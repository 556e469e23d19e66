"""One root folder of Debian packages, kept as the layer that all images of mail servers begin with."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.cluster.needs import PATH, ROOT

KEPT = ROOT / ".tools" / "images"
#: The images' Dovecot reads settings of 2.4.2; no stable Debian has one yet.
SUITE = "forky"
MIRROR = "http://deb.debian.org/debian"
PACKAGES = (
    "ca-certificates",
    "caddy",
    "dovecot-imapd",
    "dovecot-lmtpd",
    "dovecot-managesieved",
    "dovecot-mysql",
    "dovecot-pgsql",
    "dovecot-pop3d",
    "dovecot-sieve",
    "fetchmail",
    "mariadb-client",
    "mariadb-server-core",
    "netcat-openbsd",
    "openssl",
    "php-cli",
    "php-fpm",
    "php-mysql",
    "php-pgsql",
    "php-redis",
    "postfix",
    "postfix-lmdb",
    "postfix-mysql",
    "postfix-pgsql",
    "postgresql-18",
    "redis-server",
    "rspamd",
    "unbound",
)
#: The users that the images' contract names, and folders that hold nothing an image needs.
HOOKS = (
    'sed -i -E "s/^(postgres:x):[0-9]+:[0-9]+/\\1:70:70/" "$1/etc/passwd"',
    'sed -i -E "s/^(_rspamd:x):[0-9]+:[0-9]+/\\1:11333:11333/" "$1/etc/passwd"',
    'sed -i -E "s/^(postgres:x):[0-9]+/\\1:70/; s/^(_rspamd:x):[0-9]+/\\1:11333/" "$1/etc/group"',
    'echo vmail:x:1000:1000::/srv/vmail:/usr/sbin/nologin >>"$1/etc/passwd"',
    'echo vmail:x:1000: >>"$1/etc/group"',
    'mkdir -p "$1/srv/vmail" "$1/data"',
    'rm -rf "$1"/etc/dovecot/* "$1"/var/lib/postgresql/* "$1/usr/share/i18n" "$1"/var/lib/apt/lists/*',
)
UNWANTED = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*")


def layer(packages: Sequence[str] = PACKAGES, hooks: Sequence[str] = HOOKS, suite: str = SUITE) -> Path:
    """The layer's archive. Making it takes a minute or two and the network, the first time."""
    words = [*_command(packages, hooks), suite]
    recipe = hashlib.sha256(json.dumps(words).encode()).hexdigest()
    path = KEPT / f"{recipe[:16]}.tar"
    if not path.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        # Others may be making the same one.
        unfinished = path.with_suffix(f".{os.getpid()}.unfinished.tar")
        subprocess.run(
            [*words, unfinished, f"deb {MIRROR} {suite} main"],
            check=True,
            stdin=subprocess.DEVNULL,
            env={"PATH": PATH},
        )
        unfinished.rename(path)
    return path


def _command(packages: Sequence[str], hooks: Sequence[str]) -> list[str]:
    return [
        "mmdebstrap",
        "--quiet",
        "--variant=minbase",
        "--mode=root",
        "--format=tar",
        # A mirror may be some weeks behind; the signature is looked at all the same.
        "--aptopt=Acquire::Check-Valid-Until false",
        f"--include={','.join(packages)}",
        *(f"--dpkgopt=path-exclude={unwanted}" for unwanted in UNWANTED),
        *(f"--customize-hook={hook}" for hook in hooks),
    ]
