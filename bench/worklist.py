"""我的待办 among ten thousand open tasks: of somebody who has them all, and of somebody who has a hundred of them.

And among fifty thousand that are all due the same day, which is what a launch makes, beside the way one would write it
first: join every own task to its case, sort, skip.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import text

from bench.command_life import CommandLife
from bench.crowd import grown, units_of
from bench.ground import Ground
from bench.hand import Hand
from bench.report import Report, at_least, at_most
from bench.timing import middle, percentile, ratio, turn_by_turn
from bench.way import BEGUN, JURISDICTION, STRAIGHT
from engine.clock import day_of
from engine.directory import Actor
from engine.queries.worklist import COUNTED, worklist
from engine.words import Role

TIMES_HAND = 15
TODAY = day_of(BEGUN) + timedelta(days=20)
STEP = "review_target"
PAGE = 50
SAME_DAY = 50_000

_OWN = (
    " FROM tasks t JOIN cases c ON c.id = t.case_id WHERE t.state = 'open' AND t.unit_id = :unit"
    " AND t.role = 'performance_office' AND (t.holder_id IS NULL OR t.holder_id = :person) AND c.state = 'active'"
)
_NAIVE_PAGE = text(
    "SELECT t.*, c.code, c.name, c.amount_wan AS amount" + _OWN
    + " ORDER BY t.due_on NULLS LAST, c.amount_wan DESC, t.id LIMIT :page OFFSET :skip"
)  # fmt: skip
_NAIVE_COUNT = text("SELECT count(*)" + _OWN)
_MORE = text(
    "INSERT INTO tasks (id, jurisdiction, case_id, process, element, role, unit_id, state, round, opened_at, due_on,"
    " amount_wan) SELECT gen_random_uuid(), jurisdiction, case_id, process, element, role, unit_id, state, round,"
    " opened_at, due_on, n % 997 FROM (SELECT * FROM tasks WHERE state = 'open' ORDER BY id LIMIT 1) t,"
    " generate_series(1, :more) n"
)


def measure(ground: Ground, count: int, rounds: int) -> Report:
    """Pages of the same ten thousand tasks, first all at one office, then spread over a hundred units."""
    report = Report(f"我的待办：{count:,}件未办任务中列出自己的一页")
    life = CommandLife(ground, STRAIGHT, "示例-待办")
    life.live_until(STEP)
    units = units_of(ground)
    grown(ground, life.case_id, count - 1, units)
    with ground.database.owner.begin() as connection:
        connection.execute(
            text("UPDATE tasks SET due_on = :today + (case_id % 90)::int - 10 WHERE state = 'open'"), {"today": TODAY}
        )
    office = ground.bureau.office
    least = min(count, COUNTED)
    _tell(report, ground, "全部在本人手上，第1页（50件）", office, least, rounds)
    _tell(report, ground, "全部在本人手上，第100页", office, least, rounds, page=100)
    _same_day(ground, SAME_DAY - count)
    _tell(report, ground, f"{SAME_DAY:,}件同日到期，第1页", office, COUNTED, rounds)
    _tell(report, ground, f"{SAME_DAY:,}件同日到期，第500页", office, COUNTED, rounds, page=500, demand=True)
    _tell_naive(report, ground, office, rounds)
    _spread(ground, units)
    clerk = Actor(0, "示例经办人", JURISDICTION, units[0], frozenset({Role.UNIT_CLERK}))
    _tell(report, ground, f"分属{len(units)}个单位，本人一页", clerk, min(COUNTED, count // len(units) - 1), rounds)
    report.remarks.append(f"每次一个事务，各{rounds}次取中位数；含逾期数和总数。")
    return report


def _tell(
    report: Report,
    ground: Ground,
    name: str,
    actor: Actor,
    least: int,
    rounds: int,
    page: int = 1,
    demand: bool = False,
) -> None:
    """One person's list; the demand holds for the first page, and for others where it says so."""
    after = _word_of(ground, actor, page)

    def ask() -> int:
        with ground.database.transaction(JURISDICTION) as session:
            return worklist(session, actor, on=TODAY, limit=PAGE, after=after).total

    report.tell(f"{name}：共", ask(), "件", at_least(least))
    hand = Hand(ground.database)
    case = hand.start(f"{name} {page}", "a")
    times = turn_by_turn({name: ask, "手写": lambda: case.step("approved", "b")}, rounds)
    hand.close()
    wanted = at_most(TIMES_HAND) if demand or page == 1 else None
    report.tell(f"{name}：中位", middle(times[name]), "毫秒")
    report.tell(f"{name}：p95", percentile(times[name], 0.95), "毫秒")
    report.tell(f"{name}：为手写一步的", ratio(times[name], times["手写"]), "倍", wanted)


def _word_of(ground: Ground, actor: Actor, page: int) -> str | None:
    """What leads to that page: the pages before it are turned, four at once."""
    after = None
    with ground.database.transaction(JURISDICTION) as session:
        for _ in range((page - 1) // 4):
            after = worklist(session, actor, on=TODAY, limit=4 * PAGE, after=after).next
    return after


def _tell_naive(report: Report, ground: Ground, actor: Actor, rounds: int) -> None:
    """The same page without any of it."""
    told = {"unit": actor.unit_id, "person": actor.person_id, "skip": 499 * PAGE, "page": PAGE}

    def ask() -> int:
        with ground.database.transaction(JURISDICTION) as session:
            session.execute(_NAIVE_PAGE, told).all()
            return int(session.execute(_NAIVE_COUNT, told).scalar_one())

    times = turn_by_turn({"naive": ask}, rounds)["naive"]
    report.tell(f"{SAME_DAY:,}件同日到期，先连接后排序的写法：中位", middle(times), "毫秒")


def _same_day(ground: Ground, more: int) -> None:
    """Every open task is due today, and `more` others like them are too."""
    with ground.database.owner.begin() as connection:
        connection.execute(text("UPDATE tasks SET due_on = :today WHERE state = 'open'"), {"today": TODAY})
        connection.execute(_MORE, {"more": more})
    with ground.database.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE tasks"))


def _spread(ground: Ground, units: Sequence[int]) -> None:
    """The same tasks, now each at the clerk of one of the units."""
    with ground.database.owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE tasks SET role = 'unit_clerk', unit_id = (CAST(:units AS bigint[]))[1 + case_id % :many]"
                " WHERE state = 'open'"
            ),
            {"units": list(units), "many": len(units)},
        )
        connection.execute(text("ANALYZE tasks"))
