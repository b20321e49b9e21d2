"""What one case leaves in the tables after its whole life, every returned version, opinion and journal entry kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Insert

from bench.command_life import CommandLife
from bench.ground import Ground
from bench.report import Detail, Report, at_most
from bench.tables import at_work_bytes, packed_bytes, rows_and_bytes, rows_by_view
from bench.way import STRAIGHT, Way
from engine.store.wire import Order

KB = 1024
MOST_KB, MOST_AT_WORK_KB = 60, 4


@dataclass(slots=True)
class Life:
    """Rows and bytes by table at the end, the total behind each stage, and the most there was to work with at once.

    `packed` are the bytes of each packed table, `told` the rows the views tell at the end, `written` all rows that were
    ever written, counted one by one on their way.
    """

    tables: dict[str, tuple[int, int]] = field(default_factory=dict)
    packed: dict[str, int] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    written: Counter[str] = field(default_factory=Counter)
    by_stage: dict[str, int] = field(default_factory=dict)
    most_at_work: int = 0

    @property
    def total(self) -> int:
        """Bytes of all rows."""
        return sum(size for _, size in self.tables.values())

    @property
    def rows(self) -> int:
        """Rows that are left."""
        return sum(rows for rows, _ in self.tables.values())

    @property
    def lost(self) -> int:
        """Rows written that no view tells any more, or told that nobody wrote."""
        return sum(abs(self.written[table] - rows) for table, rows in self.told.items())

    def hear(self, orders: Sequence[Order]) -> None:
        """Count the rows of a trip."""
        for order in orders:
            if isinstance(order.statement, Insert):
                self.written[order.statement.table.name] += len(order.each)


def measure(ground: Ground) -> Report:
    """Bytes by table of a life with returns and two rectified problems, beside one in which nobody returns anything."""
    report = Report("一份案卷的存量（全部退回版本保留）")
    returned = _lived(ground, Way(), "示例-有退回")
    straight = _lived(ground, STRAIGHT, "示例-无退回")
    report.tell("办结后全部行合计", returned.total / KB, "KB", at_most(MOST_KB))
    report.tell("其中归档一行", returned.tables["case_archives"][1] / KB, "KB")
    report.tell("其中审计台账", returned.packed["journal"] / KB, "KB")
    report.tell("办结后留下的行", returned.rows, "行")
    report.tell("视图比写入少或多的行", returned.lost + straight.lost, "行", at_most(0))
    report.tell("无退回时全部行合计", straight.total / KB, "KB")
    report.tell(
        "在办行最多（案卷、未办任务、草稿、未到期限）", returned.most_at_work / KB, "KB", at_most(MOST_AT_WORK_KB)
    )
    report.details += [_by_table(returned, straight), _packed(returned, straight), _by_stage(returned, straight)]
    report.remarks.append("pg_column_size(整行)：压缩后的实际列宽，含行头；不含索引和页内空隙。")
    return report


def _lived(ground: Ground, way: Way, code: str) -> Life:
    """A whole life, looked at after every step."""
    found = Life()
    ground.database.wire.listeners.append(found.hear)
    life = CommandLife(ground, way, code)
    for errand in life.errands():
        life.do(errand)
        with ground.database.upkeep() as session:
            found.tables = rows_and_bytes(session, life.case_id)
            found.most_at_work = max(found.most_at_work, at_work_bytes(session, life.case_id))
            found.told, found.packed = rows_by_view(session, life.case_id), packed_bytes(session, life.case_id)
        found.by_stage[errand.stage] = found.total
    ground.database.wire.listeners.remove(found.hear)
    return found


def _by_table(returned: Life, straight: Life) -> Detail:
    rows = [
        (table, count, size, round(size / count), *straight.tables.get(table, (0, 0)))
        for table, (count, size) in sorted(returned.tables.items(), key=lambda entry: -entry[1][1])
    ]
    return Detail("按表", ("表", "行数", "字节", "每行字节", "无退回行数", "无退回字节"), rows)


def _packed(returned: Life, straight: Life) -> Detail:
    rows = [
        (table, returned.told[table], size, straight.told[table], straight.packed[table])
        for table, size in sorted(returned.packed.items(), key=lambda entry: -entry[1])
    ]
    return Detail("归档一行里各表", ("表", "视图行数", "字节", "无退回视图行数", "无退回字节"), rows)


def _by_stage(returned: Life, straight: Life) -> Detail:
    rows = [(stage, size / KB, straight.by_stage.get(stage, 0) / KB) for stage, size in returned.by_stage.items()]
    return Detail("走完各图时累计", ("图", "有退回 KB", "无退回 KB"), rows)
