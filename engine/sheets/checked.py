"""Rows that were judged: what is to be said of each, and whether it brings anything that is not there yet."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.errors import InvalidInput

MOST_NAMED = 100


class RowsRefused(InvalidInput):
    """Rows of a file that cannot be written; `rows` are the numbers of the first of them."""

    code = "import.rows_refused"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a column, or worth a look where it does not stop; an empty `column` is the whole row."""

    column: str
    message: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row as a spreadsheet counts it, its cells in the order of the header; `is_new`: not all of it is there."""

    row: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...]
    is_new: bool

    @property
    def is_wrong(self) -> bool:
        """Whether it cannot be written."""
        return any(problem.stops for problem in self.problems)

    @property
    def is_doubtful(self) -> bool:
        """需核对: whether it can be written, and somebody should look first."""
        return bool(self.problems) and not self.is_wrong

    @property
    def is_writable(self) -> bool:
        """Whether it brings something that can be written."""
        return self.is_new and not self.is_wrong

    @property
    def is_known(self) -> bool:
        """Whether all of it is there, word for word."""
        return not self.is_new and not self.is_wrong

    @property
    def said(self) -> str:
        """All that is to be said of it."""
        return "；".join(problem.message for problem in self.problems)


def must_all_be_sound(rows: Iterable[CheckedRow]) -> None:
    """Refuse a file with any row that cannot be written, naming the first."""
    rows = list(rows)
    wrong = [row for row in rows if row.is_wrong]
    if not wrong:
        return
    problem = next(each for each in wrong[0].problems if each.stops)
    more = f"另有 {len(wrong) - 1} 行有错。" if len(wrong) > 1 else ""
    others = f"其余 {len(rows) - len(wrong)} 行可以导入，" if len(rows) > len(wrong) else ""
    raise RowsRefused(
        f"第 {wrong[0].row} 行：{problem.message}{more}{others}本次一行都没有写入。请更正后重新上传。",
        rows=[row.row for row in wrong[:MOST_NAMED]],
    )
