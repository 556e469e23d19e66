"""Pods' logs, of an API that is not always there."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import ReadTimeoutError

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
