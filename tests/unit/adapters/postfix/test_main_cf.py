"""main.cf: logical lines, parameters, references."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.adapters.texts import text_of, word
from truehop.adapters.postfix.lines import logical_lines
from truehop.adapters.postfix.main_cf import Parameters, read_main
from truehop.model.facts import Basis
from truehop.source.tree import SourceFile
from truehop.source.yaml import text_document

LINE = st.sampled_from(
    [
        "",
        " ",
        "# a comment",
        "  # indented",
        "name = value",
        "name=",
        " continued",
        "\tmore, words",
        "no sign",
        "= nameless",
        "mynetworks = 10.0.0.0/8",
        "x = $mynetworks ${y}",
        "{{ x }} inet n - n - - smtpd",
    ]
)


def parameters(text: str) -> Parameters:
    return Parameters({}, read_main(text_of(text)))


@given(st.lists(LINE), st.sampled_from(["\n", "\r\n"]))
def test_every_line_belongs_to_exactly_one_logical_line(lines: list[str], end: str) -> None:
    value = end.join(lines)
    text = text_document(SourceFile("main.cf", value)).cursor().text
    if text is None:
        return
    covered = [number for line in logical_lines(text) for number in line.covers]
    assert sorted(covered) == list(range(1, value.count("\n") + (value[-1:] not in {"", "\n"}) + 1))


@given(st.text())
def test_no_text_breaks_the_reader_and_every_word_stands_where_it_says(value: str) -> None:
    text = text_document(SourceFile("main.cf", value)).cursor().text
    for parameter in read_main(text).values() if text else ():
        assert parameter.name.value in value
        for piece in parameter.pieces:
            assert piece.value in value


def test_a_value_goes_on_over_comments_and_blank_lines() -> None:
    text = text_of("""\
        mynetworks = 127.0.0.0/8
          # pods

        # a comment at the margin
          10.42.0.0/16,
          [::1]/128
        myhostname = mail.example.com
    """)
    words = Parameters({}, read_main(text)).words("mynetworks")
    assert [one.value for one in words] == ["127.0.0.0/8", "10.42.0.0/16", "[::1]/128"]
    assert [word(text, one.location()) for one in words] == ["127.0.0.0/8", "10.42.0.0/16", "[::1]/128"]


def test_a_line_that_only_begins_with_blanks_begins_a_value_where_none_is_open() -> None:
    assert parameters("  name = value\n").value("name") == "value"


def test_the_last_of_two_equal_names_counts() -> None:
    assert parameters("a = 1\na = 2\n").value("a") == "2"


def test_a_line_without_equals_sign_or_name_is_no_parameter() -> None:
    assert read_main(text_of("nothing\n= 3\n")) == {}


def test_a_reference_that_is_the_whole_word_brings_the_places_of_its_words() -> None:
    text = text_of("pods = 10.42.0.0/16 10.43.0.0/16\nmynetworks = 127.0.0.1 ${pods}\n")
    words = Parameters({}, read_main(text)).words("mynetworks")
    assert [word(text, one.location()) for one in words] == ["127.0.0.1", "10.42.0.0/16", "10.43.0.0/16"]


def test_a_reference_within_a_word_stands_at_the_word() -> None:
    text = text_of("net = 10.42\nmynetworks = $(net).0.0/16\n")
    [only] = Parameters({}, read_main(text)).words("mynetworks")
    assert only.value == "10.42.0.0/16"
    assert word(text, only.location()) == "$(net).0.0/16"
    assert word(text, only.slice(0, 2).location()) == "$(net).0.0/16"


def test_unknown_references_circles_and_dollar_signs_end() -> None:
    assert parameters("a = $unknown\n").value("a") == "$unknown"
    assert parameters("a = x$unknown\n").value("a") == "x$unknown"
    assert parameters("a = $a\n").value("a") == "$a"
    assert parameters("a = x$b\nb = y$a\n").value("a").startswith("xy")
    assert parameters("a = x$$y\n").value("a") == "x$y"


def test_a_template_in_braces_is_one_word() -> None:
    assert [one.value for one in parameters("a = 10.0.0.1 {{ NETS }}\n").words("a")] == [
        "10.0.0.1",
        "{{ NETS }}",
    ]


def test_an_unset_parameter_is_a_default_only_where_the_file_is_known() -> None:
    assert Parameters({}, {}, is_whole=False).basis("a") is Basis.UNKNOWN
    assert Parameters({}, {}).basis("a") is Basis.DEFAULT
    assert parameters("a = 1\n").basis("a") is Basis.STATED


def test_booleans_have_their_default_where_nothing_is_set() -> None:
    assert not parameters("").is_yes("smtpd_tls_auth_only")
    assert parameters("").is_yes("x", default=True)
    assert parameters("x = YES\n").is_yes("x")


def test_an_empty_value_stands_at_its_name() -> None:
    text = text_of("smtpd_upstream_proxy_protocol =\n")
    assert word(text, read_main(text)["smtpd_upstream_proxy_protocol"].at) == "smtpd_upstream_proxy_protocol"
