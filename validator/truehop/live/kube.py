"""Pods' logs through the Kubernetes API.

Rights needed, in the pods' namespace alone: ``get`` and ``list`` of ``pods``, ``get`` of ``pods/log``.
"""

from __future__ import annotations

import math
import queue
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from truehop.errors import UserError
from truehop.live.logs.extras import needed
from truehop.live.logs.frames import LONGEST_LINE

#: Seconds until the API server has to answer, and until a log that is followed and silent is asked for anew.
CONNECT = 10
SILENCE = 60
#: Seconds between two looks for pods that came or went; after errors it doubles up to the longest.
RELIST = 10.0
LONGEST_PAUSE = 300.0
#: Containers that are followed at once; more would be threads without end.
MOST_CONTAINERS = 256
_BLOCK = 65_536
_GONE = {400, 404}  # a container that has not started, a pod that is no more
_TIMESTAMP = 30  # bytes of 2026-11-26T16:15:39.123456789Z
_IN_CLUSTER_NAMESPACE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a pod. ``uid`` is the pod's: one of the same name is another."""

    namespace: str
    pod: str
    name: str
    uid: str

    def __str__(self) -> str:
        """The form ``kubectl logs --prefix`` has."""
        return f"pod/{self.pod}/{self.name}"


@dataclass
class Cluster:
    """A cluster's API, and the namespace and label selector of the pods whose logs are asked for."""

    core: Any
    namespace: str
    selector: str = ""
    #: Called with a line about what went wrong and is tried again.
    warn: Callable[[str], None] = field(default=lambda _: None, repr=False)

    @classmethod
    def connect(cls, context: str = "", namespace: str = "", selector: str = "") -> Cluster:
        """The cluster of a kubeconfig's context, or the one that this process runs in.

        Raises:
            UserError: neither is there, or the client's package is missing.
        """
        config = needed("kubernetes.config", "--kube")
        client = needed("kubernetes.client", "--kube")
        try:
            config.load_kube_config(context=context or None)
            own = _namespace_of(config, context)
        except (config.ConfigException, OSError) as error:
            if context:
                raise UserError(
                    "no such context in the kubeconfig", place="--context", value=context, cure=str(error)
                ) from error
            own = _enter(config)
        api = client.ApiClient()
        _verify_as_kubectl(api)
        return cls(client.CoreV1Api(api), namespace or own, selector)

    def containers(self) -> list[Container]:
        """The containers of the selected pods that have a log by now."""
        listed = self.core.list_namespaced_pod(
            self.namespace, label_selector=self.selector, _request_timeout=(CONNECT, SILENCE)
        )
        found = [
            Container(self.namespace, pod.metadata.name, one.name, pod.metadata.uid)
            for pod in listed.items
            if (pod.status.phase or "") != "Pending"
            for one in pod.spec.containers
        ]
        return found[:MOST_CONTAINERS]

    def stream(
        self, container: Container, since: float | None = None, *, follow: bool = False
    ) -> Iterator[bytes]:
        """A container's log in blocks of whole lines, each line with its time in front.

        ``since`` is in seconds before now; None is from the beginning. It ends where the log does.
        """
        answer = self.core.read_namespaced_pod_log(
            container.pod,
            container.namespace,
            container=container.name,
            follow=follow,
            timestamps=True,
            since_seconds=None if since is None else max(1, math.ceil(since)),
            _preload_content=False,
            _request_timeout=(CONNECT, SILENCE),
        )
        with closing(answer):
            yield from whole_lines(answer.stream(_BLOCK))

    def read(self, since: float | None = None) -> Iterator[bytes]:
        """The logs of all selected containers up to now, one after the other, in blocks of whole lines.

        Raises:
            UserError: the API refuses or cannot be reached.
        """
        try:
            for container in self.containers():
                try:
                    yield from self.stream(container, since)
                except Exception as error:
                    if getattr(error, "status", None) not in _GONE:
                        raise
                    self.warn(f"{container}: {reason(error)}")
        except UserError:
            raise
        except Exception as error:
            if not is_api_error(error):
                raise
            raise UserError(
                "the Kubernetes API does not give the logs",
                place=f"namespace {self.namespace}",
                cure=f"{reason(error)}; needed are get and list of pods, and get of pods/log",
            ) from error

    def follow(
        self, since: float | None = None, *, stop: threading.Event | None = None, relist: float = RELIST
    ) -> Iterator[bytes]:
        """The logs as they are written, also of pods that come later, until ``stop`` is set.

        Empty blocks are given where nothing was written for a while, so that the caller may do other things.
        Errors are told to ``warn`` and tried again, later and later.
        """
        yield from _Follower(self, since, stop or threading.Event(), relist).blocks()


def _verify_as_kubectl(api: Any) -> None:  # noqa: ANN401 (an untyped module)
    """Verify certificates as kubectl does.

    From Python 3.13 on certificates without key identifiers do not pass, and those of many clusters have none
    (ssl.VERIFY_X509_STRICT, which urllib3 takes over). Who signed them, and for whom, is verified as before;
    and nothing at all where the kubeconfig says so.
    """
    if not api.configuration.verify_ssl:
        return
    context = needed("urllib3.util.ssl_", "--kube").create_urllib3_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    api.rest_client.pool_manager.connection_pool_kw["ssl_context"] = context


def _namespace_of(config: Any, context: str) -> str:  # noqa: ANN401 (an untyped module)
    contexts, active = config.list_kube_config_contexts()
    chosen = next((one for one in contexts if one["name"] == context), active)
    return str((chosen or {}).get("context", {}).get("namespace") or "default")


def _enter(config: Any) -> str:  # noqa: ANN401 (an untyped module)
    """Take the credentials of the pod that this process runs in; its namespace."""
    try:
        config.load_incluster_config()
        return Path(_IN_CLUSTER_NAMESPACE).read_text(encoding="utf-8").strip() or "default"
    except (config.ConfigException, OSError) as error:
        cure = "set KUBECONFIG or write ~/.kube/config; in a pod, mount its service account's token"
        raise UserError("no Kubernetes cluster is known", place="--kube", cure=cure) from error


def whole_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks that end with a line; of a line without end, its beginning."""
    rest = b""
    is_too_long = False
    for block in blocks:
        head, newline, tail = block.rpartition(b"\n")
        if not newline:
            if not is_too_long:
                rest += block
            is_too_long = is_too_long or len(rest) > LONGEST_LINE
            rest = rest[:LONGEST_LINE]
            continue
        if is_too_long:  # what is left of that line is dropped
            _, _, head = head.partition(b"\n")
            yield rest + b"\n" + (head + b"\n" if head else b"")
        else:
            yield rest + head + newline
        rest, is_too_long = tail, False
    if rest:
        yield rest + b"\n"


def is_api_error(error: Exception) -> bool:
    """Whether an error is the API's or the network's, and no bug of ours."""
    origin = type(error).__module__.partition(".")[0]
    return isinstance(error, OSError) or origin in {"kubernetes", "urllib3", "http"}


def reason(error: Exception) -> str:
    """An API error in a line."""
    status = getattr(error, "status", None)
    words = getattr(error, "reason", None) or type(error).__name__
    return f"{status} {words}" if status else f"{type(error).__name__}: {words}"[:300]


class _Follower:
    """Follows all selected containers, one thread each, and looks for new ones now and then."""

    def __init__(self, cluster: Cluster, since: float | None, stop: threading.Event, relist: float) -> None:
        self.cluster = cluster
        self.since = since
        self.stop = stop
        self.relist = relist
        self.blocks_read: queue.Queue[bytes] = queue.Queue(maxsize=64)
        self.threads: dict[Container, threading.Thread] = {}
        #: The time of the last line of each container, and when it was read.
        self.last: dict[Container, tuple[bytes, float]] = {}

    def blocks(self) -> Iterator[bytes]:
        pause = 0.0
        due = time.monotonic()
        while not self.stop.is_set():
            if time.monotonic() >= due:
                pause = self._look(pause)
                due = time.monotonic() + pause
            try:
                yield self.blocks_read.get(timeout=min(1.0, self.relist))
            except queue.Empty:
                yield b""

    def _look(self, before: float) -> float:
        """Start what is not followed yet; seconds until the next look."""
        try:
            present = self.cluster.containers()
        except Exception as error:
            if not is_api_error(error):
                raise
            self.cluster.warn(f"pods of namespace {self.cluster.namespace} cannot be listed: {reason(error)}")
            return min(max(before, self.relist) * 2, LONGEST_PAUSE)
        for known in [known for known in self.last if known not in present]:
            del self.last[known]
        self.threads = {one: thread for one, thread in self.threads.items() if thread.is_alive()}
        for container in present:
            if container not in self.threads:
                self._start(container)
        return self.relist

    def _start(self, container: Container) -> None:
        thread = threading.Thread(target=self._read, args=(container,), daemon=True, name=str(container))
        self.threads[container] = thread
        thread.start()

    def _read(self, container: Container) -> None:
        last, read_at = self.last.get(container, (b"", 0.0))
        since = time.monotonic() - read_at + 1 if last else self.since
        try:
            for block in self.cluster.stream(container, since, follow=True):
                fresh = after(block, last) if last else block
                last = b"" if fresh else last
                if fresh and not self._hand_over(container, fresh):
                    return
        except Exception as error:
            if not is_api_error(error):
                raise
            if getattr(error, "status", None) not in _GONE and not _is_silence(error):
                self.cluster.warn(f"{container}: {reason(error)}")

    def _hand_over(self, container: Container, block: bytes) -> bool:
        """Give a block to who reads; no where the reading has ended."""
        while not self.stop.is_set():
            try:
                self.blocks_read.put(block, timeout=1.0)
            except queue.Full:
                continue
            begin = block.rfind(b"\n", 0, -1) + 1
            self.last[container] = (block[begin : begin + _TIMESTAMP], time.monotonic())
            return True
        return False


def after(block: bytes, last: bytes) -> bytes:
    """The lines of a block that were written after a time; the API only knows whole seconds."""
    lines = block.splitlines(keepends=True)
    return b"".join(line for line in lines if line[:_TIMESTAMP] > last)


def _is_silence(error: Exception) -> bool:
    return type(error).__name__ == "ReadTimeoutError"
