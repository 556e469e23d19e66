"""Certificates as some authority would renew them: signed by themselves, in a Secret."""

from __future__ import annotations

import hashlib
import ssl
import subprocess
import tempfile
from pathlib import Path

from tests.cluster.api import Object

NAME = "mail.example.com"
SECRET = "certificate"


def new_secret() -> tuple[Object, str]:
    """A Secret with a new certificate, and the certificate's fingerprint."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("tls.key", "tls.crt")]
        asked = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={NAME}"]
        written = ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(files[0]), "-out", str(files[1])]
        subprocess.run(["openssl", "req", *asked, *written], check=True, capture_output=True)
        data = {path.name: path.read_text(encoding="utf-8") for path in files}
    secret: Object = {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "kubernetes.io/tls",
        "metadata": {"name": SECRET},
        "stringData": data,
    }
    return secret, hashlib.sha256(ssl.PEM_cert_to_DER_cert(data["tls.crt"])).hexdigest()
