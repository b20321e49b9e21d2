"""Every figure of the law that can be moved a little: in the decision tables and the packs of the places.

Each alone should make some scenario fail. Left alone are names, sources and dates of revision. A figure is moved by one
in its last place, up or else down, to the first value with which the file is sound.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.findings import Finding
from engine.policies.load import check_table_file
from engine.policies.pack import read_pack
from tools.mutation.changes import Change

FIGURE = re.compile(r"\d+(?:\.\d+)?")
ENTRY = re.compile(r"<(?:input|output)Entry[^>]*><text>(?P<said>[^<]*)</text>")
ROW = re.compile(r'<rule id="([^"]+)"')
TOLD = re.compile(
    r"^(?:#|\s*(?:id|name|title|parent|parent_title|number|file|source|status|calendar|checked_on|revised_on)\s*=)"
)
WORDS = re.compile(r'\b(?:id|name|points|covers|source)\s*=\s*"[^"]*"')
KIND = "figure"


def is_sound(name: str, content: bytes) -> bool:
    """Whether a table or a pack can be read without a fault."""
    if name.endswith(".dmn"):
        return not check_table_file(name, content)
    findings: list[Finding] = []
    return read_pack(name, content, findings) is not None and not findings


def figures_in(files: Mapping[str, bytes]) -> Iterator[Change]:
    """All figures, each moved; one that cannot be moved without unsettling the tables is left out."""
    for name, content in sorted(files.items()):
        text, seen = content.decode(), Counter[str]()
        for place in _places(name, text):
            seen[place.row] += 1
            for after in _near(text[place.start : place.end]):
                moved = text[: place.start] + after + text[place.end :]
                if is_sound(name, moved.encode()):
                    yield _change(name, text, place, after, seen[place.row])
                    break


@dataclass(frozen=True, slots=True)
class _Place:
    """A figure: the row it stands in (in a pack the line's first word), its line, and where in the text."""

    row: str
    line: int
    start: int
    end: int


def _places(name: str, text: str) -> Iterator[_Place]:
    row, at = "", 0
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if name.endswith(".dmn"):
            row = found[1] if (found := ROW.search(line)) else row
            spans = [entry.span("said") for entry in ENTRY.finditer(line)]
        else:
            row = line.split("=")[0].strip()
            spans = [] if TOLD.match(line) else _between([each.span() for each in WORDS.finditer(line)], len(line))
        for begin, end in spans:
            for figure in FIGURE.finditer(line, begin, end):
                yield _Place(row, number, at + figure.start(), at + figure.end())
        at += len(line)


def _between(hidden: list[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for span in hidden for edge in span), length]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _change(name: str, text: str, place: _Place, after: str, nth: int) -> Change:
    before, begin = text[place.start : place.end], len(text[: place.start].encode())
    line = text.splitlines()[place.line - 1]
    return Change(
        id=_short("\n".join((name, place.row, str(nth), before)))[:8],
        file=f"bpmn/{name}",
        line=place.line,
        kind=KIND,
        function=place.row,
        before=before,
        after=after,
        start=begin,
        end=begin + len(before.encode()),
        statement=(place.line, place.line),
        names=(),
        digest=_short(line),
    )


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _near(figure: str) -> Iterator[str]:
    """09 → 10 and 08: as many places as before."""
    value, step = Decimal(figure), Decimal(1).scaleb(Decimal(figure).as_tuple().exponent)
    for moved in (value + step, value - step):
        if moved >= 0:
            yield f"{moved:f}".rjust(len(figure), "0")
