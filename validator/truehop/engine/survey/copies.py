"""Documents that are copies of one another but for their own name, namespace and image versions.

Platforms make objects from templates, so that most documents of a large input say what another one
has said. A name counts as the document's own only if no field of Kubernetes and no word of YAML
can be called so: it begins with a letter and holds a hyphen, or a number of two digits at least.
"""

from __future__ import annotations

import re

_OWN = r"([a-z][a-z0-9]*(?:-[a-z0-9]+)+|[a-z]+[0-9]{2,}[a-z0-9]*)"
_NAME = re.compile(rf"\n[ \t]+name: {_OWN}\n")
_NAMESPACE = re.compile(rf"\n[ \t]+namespace: {_OWN}\n")
#: Words with numbers that mean something in manifests.
_FAMILIAR = frozenset(
    {"amd64", "arm64", "base64", "ed25519", "fp16", "int32", "int64", "sha256", "sha384", "sha512", "x509"}
)
_TAG = re.compile(r"(\n[ \t-]*image: [^\s:#'\"]+):[\w.-]+(?=\n)")
#: What stands in the place of a name, a namespace and a tag: characters that YAML allows nowhere.
_STANDINS = ("\x01", "\x02", "\x03")
_UNTAGGED = rf"\1:{_STANDINS[2]}"


def is_comparable(text: str) -> bool:
    """Whether the stand-ins mean nothing in a text."""
    return not any(letter in text for letter in _STANDINS)


def pattern_of(text: str) -> str:
    """A document's text without its own namespace, name and tags.

    Two documents of one pattern have the same tree, down to which scalars are equal: each word of one
    stands where its counterpart stands in the other.
    """
    text = text.removeprefix("---\n")
    about = text.find("\nmetadata:\n")
    if about >= 0:
        for own, standin in ((_NAMESPACE, _STANDINS[0]), (_NAME, _STANDINS[1])):
            found = own.search(text, about)
            if found is not None and found[1] not in _FAMILIAR:
                text = text.replace(found[1], standin)
    return _TAG.sub(_UNTAGGED, text) if "image: " in text else text
