"""`complete_task` from the door to the commit, against the bare rows and against the stock way, step by step."""

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from bench.command_life import MESSAGE, CommandLife
from bench.floor import FloorCase
from bench.ground import Ground, durability
from bench.recording import Deed, Recording, recorded
from bench.report import Detail, Report, at_least, at_most
from bench.stock import StockCase, StockEngine, stock_cases
from bench.tables import rows_and_bytes, rows_by_view
from bench.timing import middle, milliseconds, percentile, ratio
from bench.way import Way

OF_FLOOR, TIMES_STOCK, TIMES_SHARED, STATEMENTS, TRIPS = 0.6, 10, 5, 14, 6
ARCHIVES = ("case_archives", "archive_keys")
OURS, FLOOR, STOCK, SHARED = "jixiao", "底线", "原生", "原生共用"
CONTESTANTS = (OURS, FLOOR, STOCK, SHARED)
KINDS = {"fill": "填报", "confirm": "负责人确认", "review": "审核", "decide": "认定", "record": "登记"}
Acts = Iterator[Callable[[], None]]


@dataclass(slots=True)
class Race:
    """Milliseconds of every human step, by contestant and round."""

    times: dict[str, list[list[float]]] = field(default_factory=lambda: {name: [] for name in CONTESTANTS})

    def speed_against(self, other: str) -> float:
        """How many times as fast as `other` we are: whole lives, round by round, the median."""
        return ratio([sum(life) for life in self.times[other]], [sum(life) for life in self.times[OURS]])

    def of(self, name: str, steps: Sequence[int] | None = None) -> list[float]:
        """All rounds of some steps, or of all."""
        return [time for times in self.times[name] for step, time in enumerate(times) if steps is None or step in steps]


def measure(ground: Ground, rounds: int) -> Report:
    """Whole lives in turns: ours, the floor, the stock way; everything before and between the steps is not counted."""
    script = recorded(ground, Way(), "示例-R")
    stock_cases.create(ground.plain)
    files = ground.library.diagrams.files
    lives: dict[str, Callable[[int], Acts]] = {
        OURS: partial(_our_acts, ground, script),
        FLOOR: partial(_floor_acts, ground, script),
        STOCK: partial(_stock_acts, ground, script, StockEngine(files)),
        SHARED: partial(_stock_acts, ground, script, StockEngine(files, shared=True)),
    }
    race = Race()
    for turn in range(1, rounds + 1):
        for name in CONTESTANTS[:: 1 if turn % 2 else -1]:
            race.times[name].append(_timed(script, lives[name](turn)))
    return _told(ground, [deed for deed in script.deeds if deed.kind != MESSAGE], race, rounds)


def _timed(script: Recording, acts: Acts) -> list[float]:
    """Milliseconds of each human step of one life; nobody pays for the garbage of the contestant before."""
    gc.collect()
    times = [(deed.kind, milliseconds(act)) for deed, act in zip(script.deeds, acts, strict=True)]
    return [time for kind, time in times if kind != MESSAGE]


def _our_acts(ground: Ground, script: Recording, turn: int) -> Acts:
    life = CommandLife(ground, Way(), f"示例-{turn}")
    for deed, errand in zip(script.deeds, life.errands(), strict=True):
        assert (errand.element_id, errand.kind) == (deed.element_id, deed.kind)
        yield partial(life.do, errand)


def _floor_acts(ground: Ground, script: Recording, turn: int) -> Acts:
    case = FloorCase(ground.serving, script, turn)
    for deed in script.deeds:
        yield partial(case.write, case.prepared(deed))
    assert _rows(ground, case.case_id) == _rows(ground, script.case_id)


def _rows(ground: Ground, case_id: int) -> dict[str, int]:
    """Rows of a case by table, packed or not; the floor packs nothing."""
    with ground.database.upkeep() as session:
        lying = rows_and_bytes(session, case_id)
        told = rows_by_view(session, case_id)
    return {table: rows for table, (rows, _) in lying.items() if table not in ARCHIVES} | told


def _stock_acts(ground: Ground, script: Recording, engine: StockEngine, turn: int) -> Acts:
    case = StockCase(engine, ground.plain, script.variables)
    for deed in script.deeds:
        yield partial(case.take, deed.answer)


def _told(ground: Ground, deeds: Sequence[Deed], race: Race, rounds: int) -> Report:
    report = Report("办理一步 complete_task：对照底线与原生做法")
    ours = race.of(OURS)
    plain = [deed.heard for deed in deeds if deed.command is None]
    special = [deed.heard for deed in deeds if deed.command is not None]
    report.tell("每步（中位）", middle(ours), "毫秒")
    report.tell("每步（p95）", percentile(ours, 0.95), "毫秒")
    report.tell("每秒办理", 1000 * len(ours) / sum(ours), "步")
    for name in (FLOOR, STOCK, SHARED):
        report.tell(f"{name}每步（中位）", middle(race.of(name)), "毫秒")
    report.tell("速度为底线的", race.speed_against(FLOOR), "倍", at_least(OF_FLOOR))
    report.tell("速度为原生的", race.speed_against(STOCK), "倍", at_least(TIMES_STOCK))
    report.tell("速度为原生共用的", race.speed_against(SHARED), "倍", at_least(TIMES_SHARED))
    for name in (FLOOR, STOCK, SHARED):
        report.tell(f"速度为{name}的（按每步中位）", middle(race.of(name)) / middle(ours), "倍")
    report.tell("往返最多（含提交）", max(heard.trips for heard in plain), "次", at_most(TRIPS))
    report.tell("往返最多（有专门命令的步骤）", max(heard.trips for heard in special), "次")
    report.tell("往返（中位）", middle([heard.trips for heard in plain]), "次")
    report.tell("SQL 语句最多", max(heard.statements for heard in plain) + 1, "条", at_most(STATEMENTS))
    report.tell("SQL 语句最多（有专门命令的步骤）", max(heard.statements for heard in special) + 1, "条")
    report.tell("每步提交最多", max(deed.heard.commits for deed in deeds), "次", at_most(1))
    report.tell("每步提交最少", min(deed.heard.commits for deed in deeds), "次", at_least(1))
    report.details += [_by_kind(deeds, race), _slowest(deeds, race)]
    report.remarks += [
        f"一份项目案卷从事前评估到公开共{len(deeds)}个人工步骤（含退回），四种做法逐份轮流，各走{rounds}份。",
        "倍数：每一轮整份案卷的总耗时相除，取各轮中位数，所以受同机其他进程影响小；总耗时含各自的垃圾回收，中位不含。",
        "底线：同样的语句写同样的行，经 SQLAlchemy Core 直接写入并提交，不读、不判、不走流程。",
        "原生：同一套图，SpiffWorkflow 自带的解析、引擎和序列化，整份 JSON 存一列；不含表单、期限、台账和审计。",
        "原生照文档写法每步连图一起读写；原生共用把图留在内存，只存案卷自己的部分。",
        "SQL 语句数含事务开头的 set_config，不含 BEGIN 和 COMMIT；一起发出的语句算一次往返。",
        durability(ground.database),
    ]
    return report


def _by_kind(deeds: Sequence[Deed], race: Race) -> Detail:
    groups = {name: [n for n, deed in enumerate(deeds) if _is(deed, kind)] for kind, name in KINDS.items()}
    groups["有专门命令"] = [n for n, deed in enumerate(deeds) if deed.command is not None]
    rows = []
    for name, steps in groups.items():
        if steps:
            times = [middle(race.of(who, steps)) for who in CONTESTANTS]
            trips = [deeds[step].heard.trips for step in steps]
            told = (f"{min(trips)}–{max(trips)}", max(deeds[step].rows for step in steps))
            rows.append((name, len(steps), *times, *(other / times[0] for other in times[1:]), *told))
    compared = (f"为{who}" for who in CONTESTANTS[1:])
    columns = ("种类", "步数", *(f"{who} 毫秒" for who in CONTESTANTS), *compared, "往返", "最多写入行")
    return Detail("按步骤种类（中位）", columns, rows)


def _is(deed: Deed, kind: str) -> bool:
    return deed.kind == kind and deed.command is None


def _slowest(deeds: Sequence[Deed], race: Race, most: int = 8) -> Detail:
    by_time = sorted(range(len(deeds)), key=lambda step: middle(race.of(OURS, [step])), reverse=True)
    rows = [
        (deeds[step].element_id, *(middle(race.of(who, [step])) for who in CONTESTANTS), deeds[step].heard.trips)
        for step in by_time[:most]
    ]
    return Detail("最慢的步骤（中位）", ("步骤", *(f"{who} 毫秒" for who in CONTESTANTS), "往返"), rows)
