"""示例: the diagrams the cases of the demo began on, and the day on which today's came into force.

They differ in one step: the target was countersigned where today the budget is approved with it. On that day whatever
was under way went over, but for a handful that had just begun: those are left for somebody to move.
"""

from datetime import date

from sqlalchemy import select

from engine.cases import Case
from engine.commands.migrate_cases import migrate_cases
from engine.rehearsal.motions import Act, Finance, begin
from engine.rehearsal.plan import Motion
from engine.stages import Library
from engine.words import CaseState, Role

FILE = "target_filing.bpmn"
TODAY_STEP, FORMER_STEP = "approve_budget", "countersign_budget"
TODAY_NAME, FORMER_NAME = "随预算批复目标", "会签预算和目标"
LEFT_BEHIND = ("P003", "P008", "P015", "P018", "P024", "P028")
"""Projects of the last year that began before the others and stayed on the former diagrams."""
BEGIN_ON, RENEWED_ON = date(2022, 8, 30), date(2022, 8, 31)
BEGIN_EARLY, RENEW = "begin_early", "renew"
WHY_RENEWED = "示例：目标申报流程换版，在办案卷一并换用新版"


def former(library: Library) -> Library:
    """The same library with the target diagram as it was: who stands at the step that has gone cannot be moved."""
    drawn = library.diagrams.files[FILE].decode()
    for today, then in (
        (f'"{TODAY_STEP}"', f'"{FORMER_STEP}"'),
        (f">{TODAY_STEP}<", f">{FORMER_STEP}<"),
        (f'name="{TODAY_NAME}"', f'name="{FORMER_NAME}"'),
    ):
        drawn = drawn.replace(today, then)
    files = {**library.diagrams.files, FILE: drawn.encode()}
    return Library.of(files, library.policies)


def planned(fiscal_year: int) -> list[Motion]:
    """The two days in the last year of a demo: a handful begins, then today's diagrams come into force."""
    return [Motion(BEGIN_ON, fiscal_year, BEGIN_EARLY), Motion(RENEWED_ON, fiscal_year, RENEW)]


def acts(today: Library) -> dict[str, Act]:
    """How the two are done."""
    return {BEGIN_EARLY: _begin_early, RENEW: lambda finance, motion: _renew(finance, motion, today)}


def _begin_early(finance: Finance, motion: Motion) -> None:
    of_year = (each for each in finance.coming if each.fiscal_year == motion.fiscal_year)
    begin(finance, [each for each in of_year if each.code in LEFT_BEHIND])


def _renew(finance: Finance, motion: Motion, today: Library) -> None:
    """Put today's diagrams in force and move everybody there who began in an earlier year."""
    ground, town = finance.ground, finance.ground.town
    with ground.database.upkeep() as session:
        today.keep(session, finance.at)
    with ground.transaction() as session:
        under_way = session.scalars(
            select(Case.id)
            .where(Case.state != CaseState.CLOSED, Case.fiscal_year < motion.fiscal_year)
            .order_by(Case.id)
        ).all()
    operator = town.who(town.finance_id, Role.OPERATOR)
    migrate_cases(ground.transactions, under_way, reason=WHY_RENEWED, second=town.office, by=operator, at=finance.at)
