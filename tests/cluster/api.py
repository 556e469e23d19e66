"""The API server as the tests reach it: through a socket in the file system, its network not being theirs."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Object = dict[str, Any]

JSON = "application/json"
MERGE = "application/merge-patch+json"


class RefusedError(Exception):
    """The API server refuses; the text is what it says."""

    def __init__(self, status: int, text: str) -> None:
        """The HTTP status and the words."""
        super().__init__(f"{status}: {text}")
        self.status = status


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


@dataclass(frozen=True)
class Api:
    """Plain requests; ``kubectl proxy`` listens at the socket."""

    path: Path

    def text(self, where: str, method: str = "GET", body: object = None, kind: str = JSON) -> str:
        """What the server answers.

        Raises:
            RefusedError: it is an error.
            OSError: it cannot be reached.
        """
        connection = _Connection(self.path)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, where, sent, {"Content-Type": kind})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status >= http.client.BAD_REQUEST:
            raise RefusedError(answer.status, _message(text))
        return text

    def request(self, method: str, where: str, body: object = None, kind: str = JSON) -> Object:
        """The object that the server answers with."""
        found = json.loads(self.text(where, method, body, kind))
        assert isinstance(found, dict)
        return found

    def get(self, where: str) -> Object:
        """One object, or a list of them."""
        return self.request("GET", where)

    def find(self, where: str) -> Object | None:
        """One object, or nothing where there is none."""
        try:
            return self.get(where)
        except RefusedError as error:
            if error.status == http.client.NOT_FOUND:
                return None
            raise

    def items(self, where: str) -> list[Object]:
        """The objects of a list."""
        found = self.get(where)["items"]
        assert isinstance(found, list)
        return found

    def create(self, where: str, made: Object) -> Object:
        """A new object in a list."""
        return self.request("POST", where, made)

    def patch(self, where: str, change: Object) -> Object:
        """A changed object; what the change does not name stays."""
        return self.request("PATCH", where, change, MERGE)

    def delete(self, where: str) -> Object:
        """Has an object removed, which may take a while."""
        return self.request("DELETE", where)


def _message(text: str) -> str:
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text
