"""Folders of Debian packages in which the servers run, made once; nothing is installed on the machine."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

from tests.lab.needs import PATH, ROOT

KEPT = ROOT / ".tools" / "lab"
MAIL = ("openssl", "postfix", "dovecot-imapd", "dovecot-pop3d", "dovecot-managesieved")
#: What each release is asked for. Dovecot is 2.3 in the first and 2.4 in the second.
SUITES = {"bookworm": ("haproxy", "nginx-light", "libnginx-mod-stream", *MAIL), "trixie": MAIL}
UNWANTED = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*")


def root_of(suite: str) -> Path:
    """The folder of a release. Making it takes a minute and the network, the first time."""
    words = [
        "mmdebstrap",
        "--quiet",
        "--variant=apt",
        "--mode=root",
        "--format=directory",
        "--aptopt=Acquire::Check-Valid-Until false",  # a mirror may be some weeks behind, yet signed
        f"--include={','.join(SUITES[suite])}",
        *(f"--dpkgopt=path-exclude={unwanted}" for unwanted in UNWANTED),
        suite,
    ]
    recipe = hashlib.sha256(json.dumps(words).encode()).hexdigest()[:16]
    folder = KEPT / f"{suite}-{recipe}"
    if not folder.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        mirror = f"deb http://deb.debian.org/debian {suite} main"
        subprocess.run([*words, unfinished, mirror], check=True, stdin=subprocess.DEVNULL, env={"PATH": PATH})
        unfinished.rename(folder)
    return folder
