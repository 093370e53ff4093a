"""The table of tests/interop/README.md, from results."""
import cases
from peers import ONLY_THERE

BEGIN = "<!-- written by matrix.sh --all: do not edit below -->\n"
COLUMNS = ("full", "resumed", "client certificate", "ALPN", "groups")
MORE_COLUMNS = ("PSK", "PSK SHA-384", "psk_ke", "0-RTT", "post-handshake", "stapling")
HEADINGS = {"full": "suites", "PSK SHA-384": "PSK, SHA-384",
            "post-handshake": "post-handshake authentication"}


class Notes:
    """Reasons, each with a number."""

    def __init__(self):
        self.reasons = []

    def number(self, reason):
        if reason not in self.reasons:
            self.reasons.append(reason)
        return self.reasons.index(reason) + 1


def _row(cells):
    return "| " + " | ".join(cells) + " |\n"


def _cell(results, notes):
    if not results:
        return ""
    tried = [r for r in results if r.outcome != "hole"]
    passed = sum(r.outcome == "passed" for r in tried)
    reasons = sorted({notes.number(r.text) for r in results if r.outcome == "hole"})
    marks = "".join(f" [{n}]" for n in reasons)
    if not tried:
        return "–" + marks
    if passed < len(tried):
        return f"**{passed} of {len(tried)}**" + marks
    return ("yes" if len(results) == 1 else str(passed)) + marks


def _connections(results, columns, notes):
    """A row for each peer, role and version in which there is something to say in these columns."""
    text = _row(["peer", "it is the", "version", *(HEADINGS.get(c, c) for c in columns)])
    text += _row(["---"] * (3 + len(columns)))
    for name in dict.fromkeys(r.peer for r in results):
        for role in ("server", "client"):
            for version in cases.VERSIONS:
                mine = [r for r in results
                        if (r.peer, r.role, r.case.version) == (name, role, version)]
                mine = [[r for r in mine if r.case.feature == c] for c in columns]
                reasons = {r.text for cell in mine for r in cell}
                if any(mine) and (columns == COLUMNS or reasons != {ONLY_THERE.reason}):
                    # A version that the peer does not have has no suites either.
                    cells = ([_cell(max(mine, key=len), notes)] * len(columns)
                             if len(reasons) == 1 and "" not in reasons else
                             [_cell(cell, notes) for cell in mine])
                    text += _row([name, role, version[4:], *cells])
    return text


def _suites(results, ours):
    names = list(dict.fromkeys(r.peer for r in results))
    text = _row(["suite", *names]) + _row(["---"] * (1 + len(names)))
    for suite in ours:
        cells = []
        for name in names:
            roles = [r.role for r in results if r.peer == name and r.case.suite == suite and
                     r.case.feature == "full" and r.outcome == "passed"]
            cells.append("both" if len(roles) == 2 else roles[0] if roles else "")
        text += _row([f"`{suite.openssl}`", *cells])
    return text


def write(path, run, results, versions):
    """Replaces what follows BEGIN in the file."""
    notes = Notes()
    with open(path, encoding="utf-8") as f:
        head = f.read().split(BEGIN)[0]
    text = BEGIN + "\n## Peers\n\n" + _row(["peer", "version"]) + _row(["---"] * 2)
    for name, version in versions.items():
        text += _row([name, version])
    text += ("\n## Connections\n\nHow many were tried and did what they should; in brackets, why "
             "some were not tried. Those who are not in the second table have not been tried there.\n\n" +
             _connections(results, COLUMNS, notes) + "\n" +
             _connections(results, MORE_COLUMNS, notes) + "\n")
    text += "".join(f"{n}. {reason}\n" for n, reason in enumerate(notes.reasons, 1))
    text += ("\n## Cipher suites\n\nWhich role the peer had; where there is none, it does not have the "
             "suite.\n\n" + _suites(results, run.ours))
    with open(path, "w", encoding="utf-8") as f:
        f.write(head + text)
