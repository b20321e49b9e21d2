"""What one case leaves in the tables after its whole life, every returned version, opinion and journal entry kept."""

from dataclasses import dataclass, field

from bench.command_life import CommandLife
from bench.ground import Ground
from bench.report import Detail, Report, at_most
from bench.tables import at_work_bytes, rows_and_bytes
from bench.way import STRAIGHT, Way

KB = 1024
MOST_KB, MOST_AT_WORK_KB = 60, 4


@dataclass(slots=True)
class Life:
    """Rows and bytes by table at the end, the total behind each stage, and the most there was to work with at once."""

    tables: dict[str, tuple[int, int]] = field(default_factory=dict)
    by_stage: dict[str, int] = field(default_factory=dict)
    most_at_work: int = 0

    @property
    def total(self) -> int:
        """Bytes of all rows."""
        return sum(size for _, size in self.tables.values())


def measure(ground: Ground) -> Report:
    """Bytes by table of a life with returns and two rectified problems, beside one in which nobody returns anything."""
    report = Report("一份案卷的存量（全部退回版本保留）")
    returned = _lived(ground, Way(), "示例-有退回")
    straight = _lived(ground, STRAIGHT, "示例-无退回")
    report.tell("办结后全部行合计", returned.total / KB, "KB", at_most(MOST_KB))
    report.tell("其中报送表单各版本", returned.tables["submissions"][1] / KB, "KB")
    report.tell("其中审计台账", returned.tables["journal"][1] / KB, "KB")
    report.tell("无退回时全部行合计", straight.total / KB, "KB")
    report.tell(
        "在办行最多（案卷、未办任务、草稿、未到期限）", returned.most_at_work / KB, "KB", at_most(MOST_AT_WORK_KB)
    )
    report.details += [_by_table(returned, straight), _by_stage(returned, straight)]
    report.remarks.append("pg_column_size(整行)：压缩后的实际列宽，含行头；不含索引和页内空隙。")
    return report


def _lived(ground: Ground, way: Way, code: str) -> Life:
    """A whole life, looked at after every step."""
    life = CommandLife(ground, way, code)
    found = Life()
    for errand in life.errands():
        life.do(errand)
        with ground.database.upkeep() as session:
            found.tables = rows_and_bytes(session, life.case_id)
            found.most_at_work = max(found.most_at_work, at_work_bytes(session, life.case_id))
        found.by_stage[errand.stage] = found.total
    return found


def _by_table(returned: Life, straight: Life) -> Detail:
    rows = [
        (table, count, size, round(size / count), *straight.tables.get(table, (0, 0)))
        for table, (count, size) in sorted(returned.tables.items(), key=lambda entry: -entry[1][1])
    ]
    return Detail("按表", ("表", "行数", "字节", "每行字节", "无退回行数", "无退回字节"), rows)


def _by_stage(returned: Life, straight: Life) -> Detail:
    rows = [(stage, size / KB, straight.by_stage.get(stage, 0) / KB) for stage, size in returned.by_stage.items()]
    return Detail("走完各图时累计", ("图", "有退回 KB", "无退回 KB"), rows)
