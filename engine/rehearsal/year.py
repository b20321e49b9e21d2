"""The year from its first morning to its end: finance sets things going, and between its acts the days are lived."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from engine.cases import Case, CaseState
from engine.errors import WrongState
from engine.rehearsal.days import ONE_DAY, Share, Stretch
from engine.rehearsal.ground import Ground
from engine.rehearsal.motions import Finance

YEARS_AFTER = 1
"""A rehearsal is over by the end of the year after its last motion; later days are not looked at."""
Progress = Callable[[date, int, int], None]
"""Told after every day: the day, how many cases are finished, and out of how many."""


class YearUnfinished(WrongState):
    """Cases are left that nobody can carry on: a diagram leads into a corner. Facts: the cases and where they stand."""

    code = "rehearsal.unfinished"


@dataclass
class Year:
    """One rehearsal under way."""

    ground: Ground
    finance: Finance

    def run(self, until: date | None = None, progress: Progress = lambda day, done, total: None) -> None:
        """Go through the days until every case is closed, or through the day `until`."""
        finance, share, total = self.finance, Share(self.ground), len(self.finance.coming)
        last = until or date(max(finance.planned).on.year + YEARS_AFTER, 12, 31)
        morning = self._morning(last)
        while morning is not None:
            today, known = morning, set(finance.begun)
            motions = finance.act(today)
            newcomers = {case_id: subject for case_id, subject in finance.begun.items() if case_id not in known}
            morning = self._morning(last)
            through = morning - ONE_DAY if morning else last
            stretch = Stretch(today, newcomers, motions, until=through, next_morning=morning)
            share.live(stretch, lambda day, done: progress(day, done, total))
        if until is None:
            self._must_be_finished()

    def _morning(self, last: date) -> date | None:
        """When finance acts next, if it does so in time."""
        morning = self.finance.next_morning()
        return morning if morning is not None and morning <= last else None

    def _must_be_finished(self) -> None:
        with self.ground.transaction() as session:
            left = session.execute(
                select(Case.code, Case.stage).where(Case.state != CaseState.CLOSED.value).order_by(Case.code)
            ).all()
        if not left:
            return
        names = "、".join(f"{row.code}（{row.stage}）" for row in left[:10])
        raise YearUnfinished(
            f"演练到头，还有{len(left)}份案卷没有办结：{names}。请检查流程图是否有走不出去的地方。",
            cases=[{"code": row.code, "stage": row.stage} for row in left],
        )
