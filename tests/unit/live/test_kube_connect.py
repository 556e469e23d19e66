"""The way to a cluster: address, certificates and namespace, by the kubeconfig or a pod's account."""

from __future__ import annotations

import base64
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client, config
from urllib3 import connection
from urllib3.exceptions import InsecureRequestWarning, MaxRetryError
from urllib3.util import ssl_

from tests.unit.live.verify.certificates import Made, make
from truehop.errors import UserError
from truehop.live import kube
from truehop.live.kube import Cluster

KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:9"}}]
users: [{name: u, user: {token: t}}]
contexts:
  - {name: here, context: {cluster: c, user: u}}
  - {name: there, context: {cluster: c, user: u, namespace: post}}
current-context: here
"""


@pytest.fixture
def kubeconfig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config"
    monkeypatch.setattr(config.kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(path))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    return path


@pytest.mark.parametrize(
    ("context", "namespace", "expected"),
    [("", "", "default"), ("there", "", "post"), ("there", "mail", "mail")],
)
def test_the_context_says_the_namespace(
    kubeconfig: Path, context: str, namespace: str, expected: str
) -> None:
    kubeconfig.write_text(KUBECONFIG)
    cluster = Cluster.connect(context, namespace)
    assert cluster.namespace == expected
    assert isinstance(cluster.core, client.CoreV1Api)


class _NoPods(BaseHTTPRequestHandler):
    """An API server that knows no pod."""

    def do_GET(self) -> None:
        said = b'{"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": []}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *words: object) -> None:  # noqa: A002 (the base's word)
        """Say nothing."""


@contextmanager
def _api_server(kubeconfig: Path, signer: Made, authority: Made) -> Iterator[None]:
    """One whose certificate has no key identifiers; who signed it, and whom the kubeconfig trusts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _NoPods) as server:
        server.socket = make(("127.0.0.1",), by=signer).context().wrap_socket(server.socket, server_side=True)
        known = base64.b64encode(authority.pem).decode()
        url = f'"https://127.0.0.1:{server.server_port}", certificate-authority-data: {known}'
        kubeconfig.write_text(KUBECONFIG.replace('"https://127.0.0.1:9"', url))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def test_certificates_pass_that_pass_with_kubectl(kubeconfig: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ssl_.create_urllib3_context

    def strict(*words: Any, **named: Any) -> ssl.SSLContext:  # noqa: ANN401 (as it is called)
        context = made(*words, **named)
        context.verify_flags |= ssl.VERIFY_X509_STRICT  # as from Python 3.13 on
        return context

    monkeypatch.setattr(ssl_, "create_urllib3_context", strict)
    monkeypatch.setattr(connection, "create_urllib3_context", strict)
    with _api_server(kubeconfig, make(), make()):
        cluster = Cluster.connect()
        assert cluster.containers() == []
        with pytest.raises(MaxRetryError, match=r"[Kk]ey [Ii]dentifier"):
            client.CoreV1Api().list_namespaced_pod("default", _request_timeout=5)


def test_an_api_server_that_nobody_vouches_for_is_refused(kubeconfig: Path) -> None:
    with _api_server(kubeconfig, make(), make(("other.example.com",))):
        cluster = Cluster.connect()
        with pytest.raises(UserError, match="CERTIFICATE_VERIFY_FAILED"):
            list(cluster.read())


def test_nothing_is_verified_where_the_kubeconfig_says_so(kubeconfig: Path) -> None:
    with _api_server(kubeconfig, make(), make(("other.example.com",))):
        said = kubeconfig.read_text()
        start = said.index(", certificate-authority-data")
        end = said.index("}", start)
        kubeconfig.write_text(f"{said[:start]}, insecure-skip-tls-verify: true{said[end:]}")
        with pytest.warns(InsecureRequestWarning):
            assert Cluster.connect().containers() == []


def test_an_unknown_context_is_told(kubeconfig: Path) -> None:
    kubeconfig.write_text(KUBECONFIG)
    with pytest.raises(UserError, match="no such context"):
        Cluster.connect("elsewhere")


def test_without_any_cluster_the_cure_is_told(kubeconfig: Path) -> None:
    assert not kubeconfig.exists()
    with pytest.raises(UserError, match="no Kubernetes cluster is known"):
        Cluster.connect()


def test_inside_a_pod_its_own_account_is_used(
    kubeconfig: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not kubeconfig.exists()
    (tmp_path / "namespace").write_text("mail\n")
    monkeypatch.setattr(kube, "_IN_CLUSTER_NAMESPACE", str(tmp_path / "namespace"))
    monkeypatch.setattr(config, "load_incluster_config", lambda: None)
    assert Cluster.connect().namespace == "mail"
