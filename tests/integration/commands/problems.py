"""Problems put on the ledger by hand, reported on and struck off; and the ledger itself."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.commands.open_rectification import open_rectification
from engine.commands.report_rectification import report_rectification
from engine.commands.settle_rectification import settle_rectification
from engine.moves.rectifying import Done, Found
from engine.rectifications import Rectification
from tests.journeys import Journey

AUDIT = Found("audit", "rules", "示例：未建台账", "示例：建立台账", date(2022, 12, 31), Decimal("1"))
DONE = Done("示例责任人", "示例：已建台账", ("示例：台账照片",), rules_improved=1)


def opened(journey: Journey, found: Found = AUDIT, **more: Any) -> int:
    with journey.database.transaction("huaxi") as session:
        receipt = open_rectification(
            session, journey.case_id, found, by=journey.bureau.office, at=journey.next_minute(), **more
        )
        return int(receipt.gave["rectification"])


def report(journey: Journey, row_id: int, done: Done = DONE, **how: Any) -> None:
    with journey.database.transaction("huaxi") as session:
        report_rectification(session, row_id, done, **{"by": journey.bureau.clerk, "at": journey.next_minute()} | how)


def settle(journey: Journey, row_id: int, **how: Any) -> None:
    with journey.database.transaction("huaxi") as session:
        settle_rectification(session, row_id, **{"by": journey.bureau.office, "at": journey.next_minute()} | how)


def ledger(journey: Journey) -> dict[str, Rectification]:
    with journey.database.transaction("huaxi") as session:
        rows = session.scalars(select(Rectification).where(Rectification.case_id == journey.case_id))
        return {row.item: row for row in rows}
