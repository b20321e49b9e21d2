"""Fifty thousand mails that are due at once, given to a server on loopback."""

from collections.abc import Sequence
from datetime import datetime
from time import perf_counter
from typing import Any

from sqlalchemy import func, select, text

from bench.ground import Ground
from bench.report import Report, at_least, at_most
from bench.way import BEGUN, JURISDICTION
from engine.clock import SteppingClock
from engine.directory import Person
from engine.notifications.model import Sending
from engine.words import NoticeKind, SendingState
from tests.mail_servers import Taking, mail_server
from web.worker.posting import AT_ONCE, Post

MOST_SECONDS = 600.0
_WISHES = """
INSERT INTO mail_wishes (person_id, jurisdiction, address, kinds, digest, changed_at)
SELECT id, jurisdiction, 'ren' || id || '@example.com', '[]', false, :at FROM people WHERE jurisdiction = :place
"""
_NOTICES = """
INSERT INTO notices (jurisdiction, person_id, kind, seq, words, made_at)
SELECT :place, (CAST(:people AS bigint[]))[1 + n % :many], :kind, n, '示例项目' || n || ' 填报绩效目标', :at
FROM generate_series(1, :count) n
"""
_SENDINGS = """
INSERT INTO sendings (jurisdiction, person_id, notice_id, state, attempts, not_before)
SELECT jurisdiction, person_id, id, 'waiting', 0, :at FROM notices WHERE jurisdiction = :place
"""


class _Counting(Taking):
    """Takes every mail and keeps none."""

    taken = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken += 1
        return "250 OK"


def measure(ground: Ground, count: int) -> Report:
    """Plant notices with a mail each, and send them."""
    report, server = Report(f"邮件：{count:,}封同时该发"), _Counting()
    _plant(ground, count, BEGUN)
    with mail_server(server) as there:
        began = perf_counter()
        sent = Post(ground.database, SteppingClock(BEGUN), there).send_what_is_due()
        seconds = perf_counter() - began
    report.tell("一个后台进程发完", seconds, "秒", at_most(MOST_SECONDS))
    report.tell("每秒", sent / seconds, "封")
    report.tell("服务器收到", server.taken, "封", at_least(count))
    report.tell("收到不止一次的", server.taken - _sent(ground), "封", at_most(0))
    report.remarks.append(f"通知用 SQL 写成，不计入；服务器在本机、同一个进程里，收下就丢；每{AT_ONCE}封一次连接。")
    return report


def _plant(ground: Ground, count: int, at: datetime) -> None:
    with ground.database.transaction(JURISDICTION) as session:
        people: Sequence[int] = session.scalars(select(Person.id)).all()
    given = {
        "place": JURISDICTION, "at": at, "people": list(people), "many": len(people), "count": count,
        "kind": next(iter(NoticeKind)).value,
    }  # fmt: skip
    with ground.database.owner.begin() as connection:
        for statement in (_WISHES, _NOTICES, _SENDINGS):
            connection.execute(text(statement), {name: given[name] for name in given if f":{name}" in statement})


def _sent(ground: Ground) -> int:
    with ground.database.transaction(JURISDICTION) as session:
        asked = select(func.count()).select_from(Sending).where(Sending.state == SendingState.SENT)
        return session.scalar(asked) or 0
