"""The year from its first morning to its end: finance sets things going, and between its acts the days are lived."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, text

from engine.cases import Case
from engine.errors import WrongState
from engine.rehearsal.days import ONE_DAY, Share, Stretch
from engine.rehearsal.elsewhere import Elsewhere
from engine.rehearsal.ground import Ground
from engine.rehearsal.motions import Finance
from engine.rehearsal.subjects import Subject
from engine.store import Base, Database
from engine.words import CaseState

YEARS_AFTER = 1
"""A rehearsal is over by the end of the year after its last motion; later days are not looked at."""
Progress = Callable[[date, int, int], None]
"""Told after every day: the day, how many cases are finished, and out of how many."""


class YearUnfinished(WrongState):
    """Cases are left that nobody can carry on: a diagram leads into a corner. Facts: the cases and where they stand."""

    code = "rehearsal.unfinished"


def count_rows(database: Database) -> None:
    """Let the server know how much there is now: by itself it looks once a minute, and until then plans by guesses."""
    with database.upkeep() as session:
        session.execute(text(f"ANALYZE {', '.join(Base.metadata.tables)}"))


@dataclass
class Year:
    """One rehearsal under way: a share of the cases is lived through here, the others in the processes of `others`."""

    ground: Ground
    finance: Finance
    others: Sequence[Elsewhere] = ()

    def run(self, until: date | None = None, progress: Progress = lambda day, done, total: None) -> None:
        """Go through the days until every case is closed, or through the day `until`."""
        finance, here, total = self.finance, Share(self.ground), len(self.finance.coming)
        for other in self.others:
            other.settle(self.ground.town, self.ground.seed)
        last = until or date(max(finance.planned).on.year + YEARS_AFTER, 12, 31)

        def show(day: date, done: int) -> None:
            progress(day, done + sum(other.closed for other in self.others), total)

        morning = self._morning(last)
        while morning is not None:
            today, known = morning, len(finance.begun)
            motions = finance.act(today)
            count_rows(self.ground.database)
            morning = self._morning(last)
            through = morning - ONE_DAY if morning else last
            ours, *theirs = [Stretch(today, dealt, motions, through, morning) for dealt in self._dealt_from(known)]
            for other, stretch in zip(self.others, theirs, strict=True):
                other.begin(stretch)
            here.live(ours, show)
            for other in self.others:
                other.end()
        if until is None:
            self._must_be_finished()

    def _dealt_from(self, first: int) -> list[Mapping[int, Subject]]:
        """The cases begun since there were `first`, one to each share in turn."""
        begun, shares = list(self.finance.begun.items()), 1 + len(self.others)
        return [
            dict(case for number, case in enumerate(begun) if number >= first and number % shares == share)
            for share in range(shares)
        ]

    def _morning(self, last: date) -> date | None:
        """When finance acts next, if it does so in time."""
        morning = self.finance.next_morning()
        return morning if morning is not None and morning <= last else None

    def _must_be_finished(self) -> None:
        with self.ground.transaction() as session:
            left = session.execute(
                select(Case.code, Case.stage).where(Case.state != CaseState.CLOSED).order_by(Case.code)
            ).all()
        if not left:
            return
        names = "、".join(f"{row.code}（{row.stage}）" for row in left[:10])
        raise YearUnfinished(
            f"演练到头，还有{len(left)}份案卷没有办结：{names}。请检查流程图是否有走不出去的地方。",
            cases=[{"code": row.code, "stage": row.stage} for row in left],
        )
