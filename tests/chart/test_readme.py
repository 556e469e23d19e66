"""Each way to install that the README shows is a whole one, and right."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest

from tests.chart.helm import CHART, render
from tests.chart.judging import Part, judge

#: A trial's certificate and passwords are kept by a cluster; a rendering has them from elsewhere.
KEPT_ELSEWHERE = {
    "secrets": {"seed": "anExampleSeedThatNobodyUses"},
    "tls": {"source": "existingSecret", "existingSecret": "mail-tls"},
    "mda": {"sieve": {"outbound": "localOnly"}},
}


def _installs() -> Iterator[list[str]]:
    """The words behind the chart's folder, of each command."""
    text = (CHART / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line)
            if words[:2] == ["helm", "install"]:
                assert words[2:7] == ["mail", "charts/mailstack", "-n", "mail", "--create-namespace"]
                yield words[7:]


INSTALLS = list(_installs())


def _options(words: list[str]) -> list[str]:
    """Without the certificate of a trial, which a file of values cannot take back."""
    pairs = list(zip(words[::2], words[1::2], strict=True))
    return [word for pair in pairs if pair[1] != "tls.source=selfSigned" for word in pair]


@pytest.mark.parametrize("words", INSTALLS, ids=lambda words: words[-1])
def test_an_install_of_the_readme_is_right(words: list[str]) -> None:
    judged = judge(Part.of(found) for found in render("", KEPT_ELSEWHERE, *_options(words)).objects)
    assert judged.findings == ()
    assert judged.mail_ports == {25, 465, 587, 993, 995}
    assert all(judged.ports.values()), judged.ports


def test_the_readme_shows_installs() -> None:
    assert len(INSTALLS) >= 4
