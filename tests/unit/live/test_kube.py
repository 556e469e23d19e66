"""Pods' logs, of an API that is not always there."""

from __future__ import annotations

import base64
import queue
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from urllib3 import connection
from urllib3.exceptions import InsecureRequestWarning, MaxRetryError, ReadTimeoutError
from urllib3.util import ssl_

from tests.unit.live.verify.certificates import Made, make
from truehop.errors import UserError
from truehop.live import kube
from truehop.live.kube import Cluster, Container, after, is_api_error, reason, whole_lines
from truehop.live.logs.frames import LONGEST_LINE

LINE = b"2026-11-26T16:15:%02d.000000000Z connect %d\n"


class _Answer:
    def __init__(self, blocks: list[bytes | Exception]) -> None:
        self.blocks = blocks
        self.is_closed = False

    def stream(self, size: int) -> Iterator[bytes]:
        assert size
        for block in self.blocks:
            if isinstance(block, Exception):
                raise block
            yield block

    def close(self) -> None:
        self.is_closed = True


class _Api:
    """Pods that come and go, and their logs; answers are given in turn, the last one again and again."""

    def __init__(self, pods: list[Any], logs: dict[str, list[Any]]) -> None:
        self.pods = pods
        self.logs = logs
        self.asked: list[dict[str, Any]] = []

    def list_namespaced_pod(self, namespace: str, **options: object) -> Any:  # noqa: ANN401 (as the untyped client)
        self.asked.append({"namespace": namespace, **options})
        found = self.pods.pop(0) if len(self.pods) > 1 else self.pods[0]
        if isinstance(found, Exception):
            raise found
        return SimpleNamespace(items=[_pod(*one) for one in found])

    def read_namespaced_pod_log(self, pod: str, namespace: str, **options: object) -> _Answer:
        self.asked.append({"pod": pod, "namespace": namespace, **options})
        answers = self.logs[pod]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(found, Exception):
            raise found
        return _Answer(found)


def _pod(name: str, phase: str = "Running", *containers: str) -> SimpleNamespace:
    return SimpleNamespace(
        metadata=SimpleNamespace(name=name, uid=f"uid-{name}"),
        status=SimpleNamespace(phase=phase),
        spec=SimpleNamespace(containers=[SimpleNamespace(name=one) for one in containers or ("main",)]),
    )


def test_logs_of_all_containers_are_read() -> None:
    api = _Api(
        [[("mta-0",), ("mda-0", "Running", "a", "b"), ("new", "Pending")]],
        {"mta-0": [[b"one\n"]], "mda-0": [[b"two\nth", b"ree\n"]]},
    )
    cluster = Cluster(api, "mail", "app=x")
    assert b"".join(cluster.read(90.2)) == b"one\ntwo\nthree\ntwo\nthree\n"
    assert api.asked[0]["label_selector"] == "app=x"
    assert (api.asked[1]["since_seconds"], api.asked[1]["timestamps"], api.asked[1]["follow"]) == (
        91,
        True,
        False,
    )
    assert str(Container("mail", "mta-0", "main", "u")) == "pod/mta-0/main"


def test_a_container_that_has_no_log_yet_is_passed_over() -> None:
    told: list[str] = []
    api = _Api([[("gone",), ("mta-0",)]], {"gone": [ApiException(404, "Not Found")], "mta-0": [[b"one\n"]]})
    cluster = Cluster(api, "mail", warn=told.append)
    assert list(cluster.read()) == [b"one\n"]
    assert told == ["pod/gone/main: 404 Not Found"]


@pytest.mark.parametrize("error", [ApiException(403, "Forbidden"), OSError("no route")])
def test_an_api_that_refuses_is_told_with_the_rights_it_takes(error: Exception) -> None:
    with pytest.raises(UserError, match="does not give the logs") as caught:
        list(Cluster(_Api([[("a",)]], {"a": [error]}), "mail").read())
    assert "get of pods/log" in caught.value.cure


def test_a_bug_is_no_api_error() -> None:
    with pytest.raises(ZeroDivisionError):
        list(Cluster(_Api([ZeroDivisionError()], {}), "mail").read())
    with pytest.raises(UserError, match="mine"):
        list(Cluster(_Api([UserError("mine")], {}), "mail").read())


def _follow(cluster: Cluster, until: int) -> tuple[bytes, int]:
    stop = threading.Event()
    found, empty = b"", 0
    end = time.monotonic() + 20
    for block in cluster.follow(stop=stop, relist=0.02):
        found += block
        empty += not block
        if found.count(b"\n") >= until or time.monotonic() > end:
            stop.set()
    return found, empty


def test_pods_that_come_are_followed_and_those_that_broke_off_are_taken_up_again() -> None:
    told: list[str] = []
    broken: list[bytes | Exception] = [LINE % (1, 1), ReadTimeoutError(None, "", "silent")]  # type: ignore[arg-type]
    api = _Api(
        [ApiException(500, "Broken"), [("a",)], [("a",), ("b",)], [("a",), ("b",)]],
        {
            "a": [broken, [LINE % (1, 1) + LINE % (2, 2)], ApiException(503, "Away"), []],
            "b": [ApiException(400, "waiting to start"), [LINE % (3, 3)], []],
        },
    )
    found, empty = _follow(Cluster(api, "mail", warn=told.append), until=3)
    assert sorted(found.splitlines(keepends=True)) == [LINE % (number, number) for number in (1, 2, 3)]
    assert "pods of namespace mail cannot be listed: 500 Broken" in told
    assert all("waiting" not in words and "silent" not in words for words in told)
    again = [one for one in api.asked if one.get("pod") == "a"]
    assert again[0]["since_seconds"] is None
    assert again[1]["since_seconds"] >= 1
    assert empty >= 0


def test_pods_that_went_are_forgotten_and_silence_is_told_as_such() -> None:
    api = _Api([[("a",)], []], {"a": [[LINE % (1, 1)]]})
    follower = kube._Follower(Cluster(api, "mail"), None, threading.Event(), 0.01)
    blocks = follower.blocks()
    assert next(blocks) == LINE % (1, 1)
    while next(blocks) or follower.last:
        pass
    follower.stop.set()
    assert list(blocks) == []


def test_an_error_that_is_no_api_s_ends_the_following() -> None:
    follower = kube._Follower(Cluster(_Api([ZeroDivisionError()], {}), "mail"), None, threading.Event(), 0.01)
    with pytest.raises(ZeroDivisionError):
        next(follower.blocks())
    with pytest.raises(KeyError):  # as a thread's excepthook would tell
        follower._read(Container("mail", "unknown", "main", "u"))


def test_errors_of_a_log_are_told_and_a_full_queue_ends_with_the_following() -> None:
    told: list[str] = []
    api = _Api([[("a",)]], {"a": [OSError("reset")], "b": [[LINE % (1, 1)]]})
    follower = kube._Follower(Cluster(api, "mail", warn=told.append), None, threading.Event(), 0.01)
    follower._read(Container("mail", "a", "main", "u"))
    assert told == ["pod/a/main: OSError: OSError"]
    follower.stop.set()
    follower._read(Container("mail", "b", "main", "u"))
    assert follower.blocks_read.empty()


def test_a_full_queue_waits_for_who_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    follower = kube._Follower(Cluster(_Api([[]], {}), "mail"), None, threading.Event(), 0.01)
    follower.blocks_read = queue.Queue(maxsize=1)
    follower.blocks_read.put(b"first\n")
    real = follower.blocks_read.put

    def put(block: bytes, timeout: float) -> None:
        real(block, timeout=0.01)
        assert timeout

    monkeypatch.setattr(follower.blocks_read, "put", put)
    threading.Timer(0.1, follower.blocks_read.get).start()
    assert follower._hand_over(Container("mail", "a", "main", "u"), b"second\n")
    assert follower.blocks_read.get() == b"second\n"


def test_only_lines_after_a_time_are_new() -> None:
    block = LINE % (1, 1) + LINE % (2, 2)
    assert after(block, (LINE % (1, 1))[:30]) == LINE % (2, 2)


def test_lines_are_made_whole_and_endless_ones_cut() -> None:
    assert list(whole_lines(iter([b"a", b"b\nc", b"d\n", b"e"]))) == [b"ab\n", b"cd\n", b"e\n"]
    endless = [b"x" * LONGEST_LINE, b"x" * 9, b"x", b"y\nnext\nre", b"st\n"]
    assert list(whole_lines(iter(endless))) == [b"x" * LONGEST_LINE + b"\n" + b"next\n", b"rest\n"]
    assert list(whole_lines(iter([b"x" * (LONGEST_LINE + 1), b"y\n"]))) == [b"x" * LONGEST_LINE + b"\n"]


def test_errors_are_told_in_a_line() -> None:
    assert reason(ApiException(403, "Forbidden")) == "403 Forbidden"
    assert is_api_error(ReadTimeoutError(None, "", ""))  # type: ignore[arg-type]
    assert not is_api_error(ValueError())


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
