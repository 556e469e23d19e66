"""Certificates of the tests' own making."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

NAME = "mail.example.com"


@dataclass(frozen=True)
class Made:
    """A certificate and its key, both as PEM, and the certificate as DER."""

    pem: bytes
    key: bytes
    der: bytes

    def context(self, *, is_weak: bool = False) -> ssl.SSLContext:
        """A server's context with it; a weak one takes old versions and suites as far as OpenSSL has them."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with TemporaryDirectory() as folder:
            path = Path(folder, "pem")
            path.write_bytes(self.key + self.pem)
            context.load_cert_chain(path)
        context.set_ciphers("ALL:@SECLEVEL=0" if is_weak else "ECDHE+AESGCM:ECDHE+CHACHA20")
        if is_weak:
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            context.options &= ~(ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1)
        return context


@cache
def make(
    names: tuple[str, ...] = (NAME,),
    begins: int = -1,
    ends: int = 60,
    *,
    is_rsa: bool = False,
    by: Made | None = None,
) -> Made:
    """A certificate that signs itself or is signed by another's; its days count from today."""
    key = rsa.generate_private_key(65537, 2048) if is_rsa else ec.generate_private_key(ec.SECP256R1())
    own = "a server of another's" if by else "a server"
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, own)])
    issuer = x509.load_pem_x509_certificate(by.pem).subject if by else subject
    signer = serialization.load_pem_private_key(by.key, None) if by else key
    assert isinstance(signer, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=begins))
        .not_valid_after(now + timedelta(days=ends, hours=1))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_name(one) for one in names]), critical=False
        )
    made = builder.sign(signer, hashes.SHA256())
    encoding = serialization.Encoding
    return Made(
        made.public_bytes(encoding.PEM),
        key.private_bytes(encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        made.public_bytes(encoding.DER),
    )


def _name(word: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(word))
    except ValueError:
        return x509.DNSName(word)
