"""From traces and the log to verdicts: client, hop, forged, or unknown with what would settle it."""

from __future__ import annotations

from dataclasses import replace

from truehop.live.verify.checks import Notebook, Recorded, Seen
from truehop.live.verify.evidence import Entry, Journal, is_translated, plain
from truehop.live.verify.knowledge import Knowledge
from truehop.live.verify.trace import End, Trace

WHERE = "name the server's log: --log FILE, --log - or --kube-context"
_PREDICTED = {Recorded.CLIENT: "client", Recorded.HOP: "hop", Recorded.REFUSED: "refused"}


def judge_address(
    trace: Trace,
    seen: Seen,
    journal: Journal | None,
    knowledge: Knowledge,
    notebook: Notebook,
    *,
    is_told: bool,
) -> Seen:
    """Whose address the log has for the honest client.

    ``is_told`` says whether the user named the address that it has to be.
    """
    if seen.recorded is Recorded.REFUSED or journal is None:
        if journal is None and seen.state == "open" and seen.recorded is not Recorded.REFUSED:
            notebook.left_out("recorded-address", "no log was looked at", WHERE)
        return _compared(seen, knowledge, notebook)
    if seen.state != "open":
        return seen
    if not seen.expected:
        notebook.left_out("recorded-address", "there was no session whose address could be recorded")
        return seen
    # Without a name of its own: who finds this client's address need not ask whose session it was.
    entries = journal.sessions(trace) or journal.names(trace)
    if not entries:
        notebook.unknown("recorded-address", *_nothing(trace))
        return seen
    found = [(_whose(entry, trace, is_told=is_told), entry) for entry in entries]
    whose, entry = max(found, key=lambda pair: _RANK[pair[0]])
    address = plain(entry.address)
    by = f" ({entry.program})" if entry.program else ""
    hop = knowledge.hop_of(address, trace.place.number) if whose is Recorded.HOP else ""
    seen = replace(seen, recorded=whose, address=address, hop=hop)
    if whose is Recorded.CLIENT:
        notebook.passed("recorded-address", f"the server records {address}, the client's{by}")
    elif whose is Recorded.HOP:
        words = f"the server records {address} instead of {trace.expected}{by}"
        help_ = f"it is a hop's: {hop or 'name the manifests, and truehop says whose'}; see truehop path"
        notebook.failed("recorded-address", words, help_)
    else:
        words = f"the server records {address}; this machine has {trace.expected}, which none outside sees"
        notebook.unknown(
            "recorded-address", words, "say by --expect-ip which address this machine has outside"
        )
    return _compared(seen, knowledge, notebook)


_RANK = {Recorded.CLIENT: 0, Recorded.UNKNOWN: 1, Recorded.HOP: 2}


def _nothing(trace: Trace) -> tuple[str, str]:
    if trace.word:
        return f"the log says nothing of {trace.word}", "is it the log of this server, and of this moment?"
    return f"no line of the log has {trace.expected}, and this session has no name of its own there", (
        "let a login fail here (leave --no-login away, or raise --logins), or give --user and --password-file"
    )


def _whose(entry: Entry, trace: Trace, *, is_told: bool) -> Recorded:
    address = plain(entry.address)
    if address == plain(trace.expected):
        return Recorded.CLIENT
    if is_told or not _is_hidden(trace) or is_translated(address):
        return Recorded.HOP
    return Recorded.UNKNOWN


def _is_hidden(trace: Trace) -> bool:
    """Whether something between here and the server may give this machine another address."""
    return is_translated(trace.expected) and not is_translated(trace.place.address)


def _compared(seen: Seen, knowledge: Knowledge, notebook: Notebook) -> Seen:
    """Tell where the manifests say otherwise."""
    predicted = knowledge.predicted(seen.place.number)
    seen = replace(seen, predicted=predicted)
    word = _PREDICTED.get(seen.recorded, "")
    if word and predicted not in ("", "unknown", word):
        words = f"the manifests say {predicted}, the server says {word}"
        notebook.unknown(
            "prediction", words, "is this host what the manifests describe? if so, please report it"
        )
    return seen


def judge_lie(trace: Trace, journal: Journal | None, notebook: Notebook) -> None:
    """Whether a claimed address stands in the log."""
    if journal is not None:
        believed = journal.of_addresses(trace.lies)
        if believed:
            words = f"the server records {plain(believed[0].address)}, which this client made up"
            notebook.failed(trace.id, words, _CURE)
            return
    if trace.end is End.LIMITED:
        notebook.unknown(trace.id, f"{trace.answer}: this client comes too often", "try again in a minute")
    elif trace.end is End.REFUSED:
        notebook.passed(trace.id, f"turned away: {trace.answer}")
    elif journal is None:
        notebook.left_out(trace.id, f"{trace.answer}; no log tells whether it was believed", WHERE)
    elif _would_tell(trace, journal):
        notebook.passed(trace.id, f"{trace.answer}, and the log does not have the claimed address")
    else:
        words = f"{trace.answer}, and the log says nothing of this server"
        notebook.unknown(trace.id, words, "is it the log of this server, and of this moment?")


_CURE = (
    "somebody on the way believes every sender: name the one hop in front in its trust list (truehop check)"
)


def _would_tell(trace: Trace, journal: Journal) -> bool:
    """Whether the log would have the lie if the server had believed it."""
    return bool(journal.of(trace.word)) if trace.word else journal.speaks(trace.kind.language)
