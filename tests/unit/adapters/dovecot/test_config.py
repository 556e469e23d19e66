"""Dovecot's configuration as a tree."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.adapters.texts import text_of, word
from truehop.adapters.dovecot.config import read_config


def test_blocks_settings_lists_and_includes_are_read() -> None:
    text = text_of("""\
        # a comment
        dovecot_config_version = 2.4.2 # not part of it
        protocols {
          imap = yes
          pop3 = no
        }
        !include conf.d/*.conf
        service imap-login {
          inet_listener "imap x" {
            port = 10143
            haproxy = $ENV:PROXY
          }
        }
        query = SELECT a \\
          WHERE '#' = "x # y" \\
          AND b
        not a setting
        }
    """)
    config = read_config(text)
    assert [one.value for one in config.words("protocols") or []] == ["imap"]
    assert config.words("listen") is None
    assert [one.value for one in config.includes] == ["conf.d/*.conf"]
    [service] = config.of("service")
    [listener] = service.of("inet_listener")
    assert (service.name, listener.name) == ("imap-login", "imap x")
    port, haproxy = listener.find("port"), listener.find("haproxy")
    assert port is not None
    assert word(text, port.at) == "10143"
    assert haproxy is not None
    assert haproxy.variable == "PROXY"
    version, query = config.find("dovecot_config_version"), config.find("query")
    assert version is not None
    assert version.value == "2.4.2"
    assert query is not None
    assert query.value.startswith("SELECT a WHERE '")
    assert word(text, config.place("protocols")) == "protocols"
    assert config.place("nothing") is None


def test_a_block_may_stand_on_one_line() -> None:
    config = read_config(text_of("service imap-login { inet_listener imap { port = 0 } }\nssl = yes\n"))
    [service] = config.of("service")
    [listener] = service.of("inet_listener")
    assert [(one.key.value, one.value) for one in listener.settings] == [("port", "0")]
    ssl = config.find("ssl")
    assert ssl is not None
    assert ssl.value == "yes"


def test_quotes_around_a_value_are_not_part_of_it() -> None:
    config = read_config(text_of("a = \"x y\"\nb = ' z '\nc = %{env:NETS}\nd =\n"))
    assert [one.value for one in config.settings] == ["x y", " z ", "%{env:NETS}", ""]
    assert config.settings[2].variable == "NETS"


def test_a_continued_line_at_the_end_counts() -> None:
    assert [one.value for one in read_config(text_of("a = b \\")).settings] == ["b"]


def test_depth_ends_somewhere() -> None:
    assert read_config(text_of("a {\n" * 500 + "x = 1\n" + "}\n" * 500)).blocks


@given(st.text(alphabet="ab {}=\"'#\\\n$!%\t."))
def test_no_text_breaks_the_reader_and_every_value_stands_in_it(value: str) -> None:
    blocks = [read_config(text_of(value + "x = 1\n", "dovecot.conf"))]
    while blocks:
        block = blocks.pop()
        blocks += block.blocks
        for setting in block.settings:
            assert setting.key.value in value + "x = 1"
