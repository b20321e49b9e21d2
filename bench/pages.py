"""Pages among many: what one worker needs for an answer, whatever it costs the browser; and fifty people at once."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from random import Random
from time import monotonic, perf_counter, sleep
from typing import Any, cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient

from bench.ground import BPMN, Ground
from bench.report import Report, at_most
from bench.timing import middle, percentile, turn_by_turn
from engine.accounts import keys_from
from engine.clock import SteppingClock
from engine.commands.save_draft import save_draft
from engine.directory import Actor, Unit
from engine.store import Logins
from engine.tasks import Task
from engine.words import Role
from tests.factories import person_in
from tests.integration.queries.volume import planted
from tests.office import Office
from tests.office.desk import Desk
from tests.pages.hands import Hands
from tests.pages.visitor import Visitor, signed_in
from web.app import application
from web.serving import Serving, serve, site_of
from web.settings import Settings
from web.visits import Site
from web.visits.visit import COOKIE

OPEN_TASKS = 100_000
PEOPLE = 50
LEAST_LOOK, LONGEST_LOOK = 1, 9
"""Seconds somebody looks at a page before the next click."""
STEP = "target_filing.fill_target"
LIST_MS, TASK_MS, DRAFT_MS, CROWD_MS = 150, 200, 100, 1000
PATIENCE_SECONDS = 60


def measure(place: Ground, rounds: int, many: int = OPEN_TASKS) -> Report:
    """Lists, a case, a task's page and saving its draft, with `many` open tasks of as many cases beside; one worker."""
    office = Office(place.database, place.bureau)
    case = office.open_case()
    office.reach(case, STEP)
    (task,) = office.tasks(case)
    _drafted(office, task.id, place.bureau.clerk)
    planted(place.database, place.bureau, many)
    app = application(Site(place.database, keys_from(Fernet.generate_key().decode()), office.clock, office.clock))
    finance, clerk = signed_in(app, place.bureau.office), signed_in(app, place.bureau.clerk)
    department = signed_in(app, place.bureau.department)
    asked: Mapping[str, tuple[int | None, Callable[[], Any]]] = {
        "只开门（会话页）": (None, lambda: _got(finance, "/settings/sessions")),
        "我的待办": (LIST_MS, lambda: _got(finance, "/tasks")),
        "我的待办（主管部门，案卷都是它的）": (LIST_MS, lambda: _got(department, "/tasks")),
        "审核队列": (LIST_MS, lambda: _got(finance, "/reviews")),
        "案卷列表": (LIST_MS, lambda: _got(finance, "/cases")),
        "一件案卷": (LIST_MS, lambda: _got(finance, f"/cases/{case}")),
        "任务页（F02）": (TASK_MS, lambda: _got(clerk, f"/tasks/{task.id}")),
        "存草稿（F02）": (DRAFT_MS, _saving(app, clerk, f"/tasks/{task.id}")),
    }
    contestants = {name: ask for name, (_, ask) in asked.items()}
    turn_by_turn(contestants, 3)
    report = Report(f"网页：{many:,}件待办和案卷在旁，一个进程，服务器上的时间")
    for name, times in turn_by_turn(contestants, rounds).items():
        border = asked[name][0]
        report.tell(f"{name}，p95", percentile(times, 0.95), "毫秒", at_most(border) if border else None)
        report.tell(f"{name}，中位", middle(times), "毫秒")
    report.remarks.append(f"经 WSGI 直接调用，含登录凭证核对、查询、权限和画页，不含网络；轮流各{rounds}次。")
    return report


def _got(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")


def _saving(app: Flask, visitor: Visitor, path: str) -> Callable[[], None]:
    """Sends the whole form as it stands on the page, with the draft's number of that moment."""
    hands = Hands(visitor.client).open(path)
    sent = {name: hands.value(name) for name in hands.names()}

    def save() -> None:
        answer = visitor.client.post(f"{path}/draft", data=sent)
        if answer.status_code != 303:
            raise RuntimeError(f"{path}: {answer.status_code}")
        number = int(sent["draft_version"][0] or 0)
        sent["draft_version"] = [str(number + 1)]

    return save


def _drafted(office: Office, task_id: UUID, clerk: Actor) -> None:
    """Keep a content that can be handed in as the draft of a task."""
    with office.transactions() as session:
        task = session.get_one(Task, task_id)
        content = Desk(session, office.bureau, task, office.now, clerk).paper()
        save_draft(session, task_id, dict(content or {}), by=clerk, at=office.now, version=None)


# ── fifty people ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class OverHttp:
    """A client as `Hands` want one, over a connection of its own; how long every answer took is kept."""

    port: int
    cookie: str
    times: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)

    def get(self, path: str, *, follow_redirects: bool = True, query_string: Any = ()) -> "Answered":
        """Open a page."""
        return self._ask("GET", f"{path}?{urlencode(query_string)}" if query_string else path)

    def post(self, path: str, data: Mapping[str, Any], *, follow_redirects: bool = True) -> "Answered":
        """Send a form."""
        return self._ask("POST", path, urlencode(data, doseq=True))

    def hang_up(self) -> None:
        """End the connection, as the server does with one nobody uses; the next request opens another."""
        self._line.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> "Answered":
        began = perf_counter()
        headers = {"Cookie": f"{COOKIE}={self.cookie}", "Accept-Encoding": "identity"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, path, body, headers)
        with self._line.getresponse() as answer:
            text = answer.read().decode()
        self.times.append((perf_counter() - began) * 1000)
        if answer.status in (302, 303):
            return self._ask("GET", str(answer.headers["Location"]))
        if answer.status != 200:
            self.faults.append(f"{path}: {answer.status}")
        return Answered(answer.status, _Asked(urlsplit(path).path), text)


@dataclass(frozen=True)
class _Asked:
    path: str


@dataclass(frozen=True)
class Answered:
    """What `Hands` look at."""

    status_code: int
    request: _Asked
    text: str

    def get_data(self, as_text: bool = True) -> str:
        """The page."""
        return self.text


def measure_crowd(place: Ground, people: int = PEOPLE) -> Report:
    """So many clerks file a target at once: list, task, 报送前核对, 确认, receipt; gunicorn, two processes.

    Once as people do it, who look at each page before they go on, and once without a moment's pause, which nobody can.
    """
    office = Office(place.database, place.bureau)
    work = list(_prepared(office, 2 * people))
    cookies = _signed_in(office, place, [clerk for clerk, _ in work])
    report = Report(f"{people}人同时报送（gunicorn 两个进程，客户端也在这台机器上）")
    with _serving(place, office) as port:
        clients = [OverHttp(port, cookie) for cookie in cookies]
        both = list(zip(clients, (task_id for _, task_id in work), strict=True))
        for manner, pause, those, most in (
            (f"每页看{LEAST_LOOK}至{LONGEST_LOOK}秒", True, both[:people], at_most(CROWD_MS)),
            ("一刻不停", False, both[people:], None),
        ):
            lasted = _all_file(those, pause=pause)
            times = [time for client, _ in those for time in client.times]
            report.tell(f"{manner}：出错", sum(len(client.faults) for client, _ in those), "次", at_most(0))
            report.tell(f"{manner}：一次应答，p95", percentile(times, 0.95), "毫秒", most)
            report.tell(f"{manner}：一次应答，中位", middle(times), "毫秒")
            report.tell(f"{manner}：每秒应答", len(times) / lasted, "次")
            report.tell(f"{manner}：{people}份全部报送完", lasted, "秒")
    report.remarks += [fault for client in clients for fault in client.faults][:5]
    return report


def _all_file(those: Sequence[tuple[OverHttp, UUID]], *, pause: bool) -> float:
    """All of them, each in a thread of its own; how many seconds it took."""
    filing = [
        threading.Thread(target=_file, args=(client, task_id, Random(number) if pause else None))
        for number, (client, task_id) in enumerate(those)
    ]
    began = monotonic()
    for each in filing:
        each.start()
    for each in filing:
        each.join()
    return monotonic() - began


def _prepared(office: Office, people: int) -> Iterator[tuple[Actor, UUID]]:
    for number in range(people):
        case = office.open_case(code=f"示例-{number:03}")
        office.reach(case, STEP)
        (task,) = office.tasks(case)
        with office.transactions() as session:
            unit = session.get_one(Unit, office.bureau.unit_id)
            clerk = person_in(session, unit, f"示例经办{number}", Role.UNIT_CLERK)
        _drafted(office, task.id, clerk)
        yield clerk, task.id


def _signed_in(office: Office, place: Ground, clerks: list[Actor]) -> list[str]:
    site = Site(place.database, keys_from(Fernet.generate_key().decode()), office.clock)
    app = application(site)
    return [signed_in(app, clerk).cookie for clerk in clerks]


def _file(client: OverHttp, task_id: UUID, looks: Random | None) -> None:
    hands = Hands(cast("FlaskClient", client))

    def look() -> None:
        if looks is not None:
            client.hang_up()
            sleep(looks.uniform(LEAST_LOOK, LONGEST_LOOK))

    try:
        look()
        hands.open("/tasks")
        look()
        hands.open(f"/tasks/{task_id}")
        look()
        hands.press(name="check", value="1")
        look()
        confirm = next(each for each in hands.page.iter("button") if each.text_content().strip().startswith("确认"))
        hands.press(confirm.text_content().strip())
        if not hands.path.endswith("/receipt"):
            client.faults.append(hands.said())
    except (AssertionError, HTTPException, OSError, StopIteration) as fault:
        client.faults.append(repr(fault)[:200])


@contextmanager
def _serving(place: Ground, office: Office) -> Iterator[int]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    logins = place.database.logins
    told = {**os.environ, "DATABASE_URL": logins.application, "JIXIAO_BPMN": str(BPMN),
            "JIXIAO_SECRET_KEYS": Fernet.generate_key().decode()}  # fmt: skip
    command = [sys.executable, "-m", "bench.pages", str(port), office.now.isoformat()]
    process = subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)


def _serve(port: int, at: datetime) -> None:
    """The pages over DATABASE_URL at a clock that stands, as `jixiao serve` has them otherwise."""
    settings = Settings.from_environment()
    logins = Logins(str(settings.database_url))
    serve(Serving(port=port), lambda: site_of(logins, settings, clock=SteppingClock(at)))


def _wait_for(port: int) -> None:
    """Until both processes have opened the database: a few pages in a row."""
    until, answered = monotonic() + PATIENCE_SECONDS, 0
    while answered < 20 and monotonic() < until:
        try:
            line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
            line.request("GET", "/login")
            line.getresponse().read()
            answered += 1
        except OSError:
            sleep(0.1)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
