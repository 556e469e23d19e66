"""Whatever an adapter reads has a sign."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from truehop.adapters import mail_files
from truehop.adapters.named_lists import is_list_name
from truehop.adapters.traefik.flags import OWN
from truehop.engine.survey.copies import pattern_of
from truehop.engine.survey.signs import Signs, built_in, kind_of, may_hide, squeeze
from truehop.kube.images import ImageRef
from truehop.profiles.registry import index, programs
from truehop.source.split import split
from truehop.source.tree import Scalar, SourceFile
from truehop.source.yaml import load_raw

WORDS = (
    "TRUSTED",
    "trusted",
    "Proxies",
    "PROXY",
    "_",
    "-",
    ".",
    "IPS",
    "networks",
    "real_ip",
    "From",
    "\t",
    "İ",
    "K",
)


def stands(signs: tuple[bytes, ...], text: str) -> bool:
    return any(sign in squeeze(text) for sign in signs)


@given(st.lists(st.sampled_from(WORDS), max_size=6).map("".join))
@example("T_R_U_S_T_E_D_P_R_O_X_I_E_S")
@example("proxyWhitelist")
@example("X-Trusted-Networ\u212as")
def test_every_name_of_a_list_holds_a_sign(name: str) -> None:
    if is_list_name(name):
        assert stands(built_in().lists, name)


@pytest.mark.parametrize(
    "path", ["/etc/postfix/main.cf", "master.cf", "/etc/dovecot/conf.d/1.conf", "config.inc.php"]
)
def test_every_mail_file_holds_a_sign(path: str) -> None:
    assert mail_files.kind_of(path)
    assert stands(built_in().words, path)


def test_every_image_of_a_profile_holds_a_sign() -> None:
    for program in programs():
        for glob in program.images:
            image = f"example.com/{glob.replace('*/', 'team/')}:1.0"
            assert stands(built_in().images, image), image


@given(
    st.sampled_from(("-", "--")),
    st.sampled_from(("entryPoints.x.address", "providers.kubernetesIngress", "x.y")),
)
def test_every_flag_of_a_proxy_holds_a_sign(dashes: str, name: str) -> None:
    if OWN.match(dashes + name):
        assert stands(built_in().flags, dashes + name)


@pytest.mark.parametrize(
    "written",
    [
        "TRUSTED_PROXIES",
        '"TRUSTED_PROXIES"',
        "'TRUSTED_PROXIES'",
        '"TRUSTED\\tPROXIES"',
        "trusted\\proxies",
        '"TRUSTED_\\x50ROXIES"',
        '"TRUSTED_\\\n  PROXIES"',
        "|-\n  TRUSTED_PROXIES",
        "TRUSTED\n  PROXIES",
    ],
)
def test_no_way_of_writing_hides_a_sign(written: str) -> None:
    text = f"name: {written}\n"
    (document,) = load_raw(split(SourceFile("a.yaml", text))[0]).documents
    scalar = document.cursor().get("name").node
    assert isinstance(scalar, Scalar)
    assert is_list_name(scalar.value)
    assert may_hide(text) or stands(built_in().lists, text)


def test_signs_of_a_text_are_those_to_look_for_in_its_parts() -> None:
    here = built_in().among("name: TRUSTED_PROXIES")
    assert here == Signs((), (), (), (b"trustedprox",))
    assert here.count_lists(squeeze("trusted-proxies TRUSTED_PROXY")) == 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("apiVersion: v1\nkind: Service\n", "Service"),
        ("---\nkind: 'Service'  \napiVersion: \"v1\"\n", "Service"),
        ("kind: Service\n", None),
        ("apiVersion: v1\nkind: &x Service\n", None),
        ("apiVersion: v1\nkind: Service\nkind: Pod\n", None),
        ('{"apiVersion": "v1", "kind": "Service"}', None),
        ("apiVersion: v1\nkind:\n", None),
    ],
)
def test_a_kind_is_told_where_it_is_plain_to_see(text: str, kind: str | None) -> None:
    assert kind_of(text) == kind


def test_images_are_known_by_what_the_profiles_say() -> None:
    assert index().find(ImageRef(None, "example.com/redis")) is not None


ABOUT = """\
apiVersion: v1
kind: Pod
metadata:
  name: {name}
  namespace: {space}
spec:
  image: a/{name}:{tag}
"""


def test_copies_differ_in_name_namespace_and_tag_only() -> None:
    first = pattern_of(ABOUT.format(name="web-1", space="team-a", tag="1.2.0"))
    assert first == pattern_of("---\n" + ABOUT.format(name="shop-front", space="b-2", tag="latest"))
    assert first != pattern_of(ABOUT.format(name="web-1", space="team-a", tag="1.2.0") + "  more: 1\n")


@pytest.mark.parametrize("name", ["on", "web", "1-2", "1e-5", "2024-01-01", "Web-1", "-a", "a-"])
def test_words_that_may_mean_something_are_no_names(name: str) -> None:
    other = ABOUT.format(name="other-name", space="team-a", tag="1")
    assert pattern_of(ABOUT.format(name=name, space="team-a", tag="1")) != pattern_of(other)


def test_a_document_without_metadata_is_its_own_pattern() -> None:
    assert pattern_of("kind: X\n") == "kind: X\n"
