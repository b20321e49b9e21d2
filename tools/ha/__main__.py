"""`python -m tools.ha`: prints what was done and what came of it; ends with 1 where anything acknowledged was lost."""

import json
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace

import click
from sqlalchemy import func, select

from engine.audit import event_id
from engine.audit.model import Entry
from engine.cases import Case
from engine.clock import SystemClock
from engine.errors import EngineError
from engine.store import Database
from tests.factories import Bureau, bureau_in
from tools.chaos.checker import examined, left_in
from tools.ha.judge import Kept, Verdict, faults_of, lull_of
from tools.ha.people import JURISDICTION, People, people_at
from tools.ha.servers import FIRST, SECOND, Servers, two_servers
from web.settings import PROJECT
from web.signals import ending_in_order
from web.wiring import open_database

PATIENCE_SECONDS = 180


@click.command()
@click.option("--writers", default=3, show_default=True, help="几个进程同时建案卷。")
@click.option("--seconds", default=15, show_default=True, help="停掉主库之前、恢复之后各办多少秒。")
@click.option("--json", "as_json", is_flag=True, help="只打印一个 JSON 文档。")
def main(writers: int, seconds: int, as_json: bool) -> None:
    """主备两台数据库，有人在办，杀掉主库：办成的一步不丢，一分钟内自己接着办。"""
    try:
        with ending_in_order(), two_servers() as servers:
            _say("两台数据库在运行，备库同步。正在建库。")
            with closing(open_database(servers.logins, PROJECT / "bpmn", SystemClock().now())) as database:
                verdict = _tried(servers, database, writers, seconds)
    except EngineError as refusal:
        _say(refusal.message)
        sys.exit(1)
    print(json.dumps(asdict(verdict) | {"ok": verdict.sound}, ensure_ascii=False) if as_json else verdict.words())
    sys.exit(not verdict.sound)


@dataclass(frozen=True, slots=True)
class _Tried:
    """The database on its two servers; nobody there wanted mail."""

    database: Database
    last_old: int = 0
    arrived: Counter[tuple[str, str]] = field(default_factory=Counter)


def _last_case(database: Database) -> int:
    with database.transaction(JURISDICTION) as session:
        return session.scalar(select(func.max(Case.id))) or 0


def _tried(servers: Servers, database: Database, writers: int, seconds: int) -> Verdict:
    with database.transaction(JURISDICTION) as session:
        bureau: Bureau = bureau_in(session, JURISDICTION)
    tried = _Tried(database)
    with people_at(database, bureau, servers.folder.parent, writers, _free_port()) as people:
        _wait(lambda: bool(people.acknowledged() and people.reader.came), "没有开始办理")
        time.sleep(seconds)
        _say("杀掉主库。")
        people.reader.instead.clear()
        killed_at = servers.kill(FIRST)
        _until(lambda: _goes_on(people, killed_at))
        time.sleep(seconds)
        _say("重新启动旧主库。")
        two_again = _two_again(servers)
        people.stop_writing()
        _until(lambda: not left_in(tried))
        steps = people.acknowledged()
        pages, instead = lull_of(people.reader.came, killed_at), tuple(sorted(people.reader.instead))
    database.close()  # some of its connections are of the server that was killed
    found = examined(replace(tried, last_old=_last_case(database)))
    return Verdict(
        acknowledged=len(steps), steps=lull_of([step.at for step in steps], killed_at), pages=pages, instead=instead,
        faults=tuple(faults_of(steps, _kept(database))), found=found, two_again_seconds=two_again,
    )  # fmt: skip


def _goes_on(people: People, killed_at: float) -> bool:
    steps = lull_of([step.at for step in people.acknowledged()], killed_at)
    return bool(steps.after and lull_of(people.reader.came, killed_at).after)


def _two_again(servers: Servers) -> float | None:
    """How long until the former primary follows the new one, synchronously.

    Where it cannot be rewound it is copied anew, which begins with a checkpoint: nobody waits for the next one here.
    """
    began = time.monotonic()
    servers.start(FIRST)

    def is_followed() -> bool:
        time.sleep(1)
        servers.told(SECOND, "CHECKPOINT")
        return servers.is_followed(SECOND)

    return time.monotonic() - began if _until(is_followed) else None


def _kept(database: Database) -> Kept:
    with database.transaction(JURISDICTION) as session:
        entries = session.execute(select(Entry.jurisdiction, Entry.case_id, Entry.seq)).all()
        return Kept({event_id(*entry) for entry in entries}, list(session.scalars(select(Case.code))))


def _until(true: Callable[[], bool]) -> bool:
    """Whether it became true in time; a database that is away is asked again."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            if true():
                return True
        except EngineError:
            pass
        time.sleep(0.2)
    return False


def _wait(true: Callable[[], bool], otherwise: str) -> None:
    if not _until(true):
        raise click.ClickException(f"{otherwise}，没有试成。")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return int(trial.getsockname()[1])


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
