"""What came of every change that was tried, in var/mutation, and the reasons written by hand in docs/mutation.md."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

from tools.mutation.changes import Change
from tools.mutation.places import HOME, PROJECT

REASONS = PROJECT / "docs" / "mutation.md"
SURVIVED = ("survived", "uncovered")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one change.

    `status`: killed (a test failed), timeout (killed too: it never ended), survived, uncovered (no test runs the line),
    broken (the tests could not be run). `asked` of `covering` tests were run; `digest` is the function it was made in.
    """

    id: str
    digest: str
    status: str
    by: str | None = None
    asked: int = 0
    covering: int = 0
    seconds: float = 0.0

    @property
    def survived(self) -> bool:
        """Whether nobody noticed."""
        return self.status in SURVIVED


class Ledger:
    """All verdicts, the last one of each change counting; a run that was stopped goes on where it was."""

    def __init__(self, file: Path = HOME / "verdicts.jsonl") -> None:
        self._file = file
        self._one_at_a_time = Lock()
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        self._known: dict[str, Verdict] = {}
        for line in lines:
            verdict = Verdict(**json.loads(line))
            self._known[verdict.id] = verdict

    def of(self, change: Change) -> Verdict | None:
        """The verdict on a change, if it still stands in the function it was tried in."""
        known = self._known.get(change.id)
        return known if known is not None and known.digest == change.digest else None

    def keep(self, verdict: Verdict) -> None:
        """Write a verdict down at once."""
        with self._one_at_a_time:
            self._known[verdict.id] = verdict
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                print(json.dumps(asdict(verdict), ensure_ascii=False), file=file)


def reasons(file: Path = REASONS) -> Mapping[str, str]:
    """Id → why the change may survive: the rows `| id | … | reason |` of the page."""
    text = file.read_text("utf-8") if file.exists() else ""
    rows = re.findall(r"^\| `([0-9a-f]{8})` \|.*\| ([^|]*) \|$", text, re.MULTILINE)
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the report."""

    room: str
    known: int
    tried: int
    killed: int
    survived: int
    with_reason: int

    @property
    def percent(self) -> str:
        """The share of those tried that was noticed."""
        return f"{100 * self.killed / self.tried:.1f} %" if self.tried else "—"


def summary(changes: Iterable[Change], ledger: Ledger, explained: Mapping[str, str]) -> Iterator[Line]:
    """A row for each room, and one for all of them."""
    rooms: dict[str, list[Change]] = {}
    for change in changes:
        rooms.setdefault("/".join(change.file.split("/")[:2]), []).append(change)
    rows = [_row(room, found, ledger, explained) for room, found in sorted(rooms.items())]
    yield from rows
    sums = (sum(getattr(row, name) for row in rows) for name in ("known", "tried", "killed", "survived", "with_reason"))
    yield Line("合计", *sums)


def _row(room: str, changes: list[Change], ledger: Ledger, explained: Mapping[str, str]) -> Line:
    tried = [(change, verdict) for change in changes if (verdict := ledger.of(change)) and verdict.status != "broken"]
    survivors = [change for change, verdict in tried if verdict.survived]
    return Line(
        room, len(changes), len(tried), len(tried) - len(survivors), len(survivors),
        sum(change.id in explained for change in survivors),
    )  # fmt: skip
