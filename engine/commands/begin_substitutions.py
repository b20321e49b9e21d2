"""代理生效: on its first day both are told of a substitution that was made before it."""

from datetime import datetime

from sqlalchemy import select

from engine.audit.events.directory import SubstitutionBegan
from engine.clock import day_of
from engine.directory import Substitution
from engine.moves.delivering import Transactions
from engine.moves.writing import record_outside_cases


def begin_substitutions(transactions: Transactions, *, at: datetime) -> int:
    """Put on record, each once, what has begun by today and still runs; gives how many.

    Whether one counts is told by its days alone, never by this. What another machine is at is left to it.
    """
    today = day_of(at)
    begun = (
        select(Substitution)
        .where(
            Substitution.began_at.is_(None),
            Substitution.revoked.is_(False),
            Substitution.from_on <= today,
            Substitution.until_on >= today,
        )
        .order_by(Substitution.id)
        .with_for_update(skip_locked=True)
    )
    with transactions() as session:
        rows = session.scalars(begun).all()
        for row in rows:
            row.began_at = at
        for jurisdiction in {row.jurisdiction for row in rows}:
            told = [
                SubstitutionBegan(
                    absent=row.absent_id, substitute=row.substitute_id, from_on=row.from_on, until_on=row.until_on
                )
                for row in rows
                if row.jurisdiction == jurisdiction
            ]
            record_outside_cases(session, jurisdiction, told, by=None, at=at)
    return len(rows)
