"""Traefik's rule grammar: matchers with strings, joined by ``&&``, ``||`` and ``!``.

Rules are parsed as Go expressions (vulcand/predicate over ``go/parser``), so that single quotes are no
strings and a line may only end where an operator or an open parenthesis asks for more. Matchers are
known as written, in lower, upper and title case (traefik@v3.7.9 ``pkg/rules/parser.go``); their
sets differ between the syntaxes (``pkg/muxer/{tcp,http}/matcher.go``, ``matcher_v2.go``).

Witness: v2 covers sni v2 imaps demands honest
Source only: rules of other words than HostSNI and PathPrefix
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: Matchers with the numbers of strings they take; v2 takes lists nearly everywhere.
TCP_V3 = {"ALPN": (1,), "ClientIP": (1,), "HostSNI": (1,), "HostSNIRegexp": (1,)}
HTTP_V3 = {
    "ClientIP": (1,),
    "Method": (1,),
    "Host": (1,),
    "HostRegexp": (1,),
    "Path": (1,),
    "PathRegexp": (1,),
    "PathPrefix": (1,),
    "Header": (2,),
    "HeaderRegexp": (2,),
    "Query": (1, 2),
    "QueryRegexp": (1, 2),
}
TCP_V2 = ("ALPN", "ClientIP", "HostSNI", "HostSNIRegexp")
HTTP_V2 = (
    "Host",
    "HostHeader",
    "HostRegexp",
    "ClientIP",
    "Path",
    "PathPrefix",
    "Method",
    "Headers",
    "HeadersRegexp",
    "Query",
)
TOKEN = re.compile(
    r"[ \t\r]+|(?P<line>\n)|(?P<string>`[^`]*`|\"(?:[^\"\\\n]|\\.)*\")|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<mark>&&|\|\||!|\(|\)|,)|(?P<quote>')|(?P<other>.)",
    re.DOTALL,
)
#: One matcher after another on one line, each with one string: what nearly all rules are.
PLAIN_PART = re.compile(r"(\w+)\(`([^`\n]*)`\)")
PLAIN = re.compile(r"\w+\(`[^`\n]*`\)(?:[ \t]*(?:&&|\|\|)[ \t]*\w+\(`[^`\n]*`\))*")
DEEPEST = 100
#: Only so much of a rule is read: real ones have a few dozen matchers.
LONGEST = 20_000


@dataclass(slots=True)
class Rule:
    """A rule: its matchers with their strings, and why it cannot be read (empty where it can)."""

    matchers: list[tuple[str, list[str]]] = field(default_factory=list)
    problem: str = ""
    is_negated: bool = False

    @property
    def takes_all(self) -> bool:
        """Whether it asks of a TCP client nothing at all."""
        return not self.problem and not self.is_negated and self.matchers == [("HostSNI", ["*"])]

    def hosts(self, name: str = "HostSNI") -> tuple[str, ...]:
        """The strings of a matcher, in order."""
        return tuple(text for matcher, texts in self.matchers if matcher == name for text in texts)


class _ProblemError(Exception):
    """Why a rule cannot be read."""


def _tokens(text: str) -> list[tuple[str, str]]:
    """Kind and text; a line's end counts where Go would put a semicolon."""
    found: list[tuple[str, str]] = []
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "quote":
            raise _ProblemError("single quotes are no strings, only back-ticks and double quotes are")
        if kind == "other":
            raise _ProblemError(f"{match.group()!r} belongs to no rule")
        if kind == "line":
            if found and (found[-1][0] in {"string", "name"} or found[-1][1] == ")"):
                found.append(("line", "\n"))
        elif kind:
            found.append((kind, match.group()))
    if found and found[-1][0] == "line":
        found.pop()
    return found


class _Parser:
    """Recursive descent over the tokens; the shape is checked, matchers are collected."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.position = 0
        self.depth = 0
        self.is_negated = False
        self.matchers: list[tuple[str, list[str]]] = []

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.position += 1
        return token

    def expression(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _ProblemError("it is nested too deep")
        self.operand()
        while self.peek()[1] in {"&&", "||"}:
            self.take()
            self.operand()
        self.depth -= 1

    def operand(self) -> None:
        while self.peek()[1] == "!":
            self.is_negated = True
            self.take()
        kind, text = self.take()
        if text == "(" and kind == "mark":
            self.expression()
            self.expect(")")
        elif kind == "name":
            self.matcher(text)
        elif kind == "end":
            raise _ProblemError("it ends where a matcher is wanted")
        else:
            raise _ProblemError(f"{text} stands where a matcher is wanted")

    def matcher(self, name: str) -> None:
        self.expect("(", f"{name} lacks its parentheses")
        texts: list[str] = []
        while self.peek()[1] != ")" or self.peek()[0] == "string":
            kind, text = self.take()
            if kind != "string":
                raise _ProblemError(
                    f"{name} is not closed"
                    if kind in {"end", "line"}
                    else f"{text} in {name} is no string in back-ticks or double quotes"
                )
            texts.append(text[1:-1])
            if self.peek()[1] == "," and self.peek()[0] == "mark":
                self.take()
            elif self.peek() != ("mark", ")"):
                raise _ProblemError(f"{name} is not closed")
        self.take()
        self.matchers.append((name, texts))

    def expect(self, mark: str, problem: str = "") -> None:
        if self.take() != ("mark", mark):
            raise _ProblemError(problem or f"a {mark} is missing")


def _known(name: str, names: tuple[str, ...]) -> str:
    """The matcher a spelling stands for, or nothing."""
    for known in names:
        if name in {known, known.lower(), known.upper(), known.capitalize()}:
            return known
    return ""


def _check(name: str, texts: list[str], protocol: str, syntax: str) -> str:
    """The matcher's own name; a matcher the syntax does not have, or takes otherwise, is a problem."""
    third = TCP_V3 if protocol == "tcp" else HTTP_V3
    second = TCP_V2 if protocol == "tcp" else HTTP_V2
    names = {"v3": tuple(third), "v2": second}.get(syntax, tuple(dict.fromkeys((*third, *second))))
    known = _known(name, names)
    if not known:
        raise _ProblemError(f"there is no matcher {name}")
    if not texts or not all(texts):
        raise _ProblemError(f"{known} has nothing to match")
    if syntax == "v3" and len(texts) not in third[known]:
        raise _ProblemError(f"{known} takes {' or '.join(map(str, third[known]))} string, not {len(texts)}")
    return known


def parse_rule(text: str, protocol: str, syntax: str = "") -> Rule:
    """Read a rule; ``syntax`` is ``v2``, ``v3`` or empty where either may be meant."""
    if not text.strip():
        return Rule(problem="it is empty")
    if len(text) > LONGEST:
        return Rule()
    try:
        if PLAIN.fullmatch(text):
            plain = [(name, [value]) for name, value in PLAIN_PART.findall(text)]
            return Rule([(_check(name, values, protocol, syntax), values) for name, values in plain])
        parser = _Parser(_tokens(text))
        parser.expression()
        kind, rest = parser.peek()
        if kind == "line":
            raise _ProblemError("a line ends before the operator, which has to stand at its end")  # noqa: TRY301
        if kind != "end":
            raise _ProblemError(f"{rest} stands after the rule's end")  # noqa: TRY301
        known = [(_check(name, texts, protocol, syntax), texts) for name, texts in parser.matchers]
        return Rule(known, is_negated=parser.is_negated)
    except _ProblemError as problem:
        return Rule(problem=str(problem))
