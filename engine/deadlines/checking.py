"""What deadline tables and diagrams show only together, before any case meets it."""

from collections.abc import Iterator

from engine.findings import Finding
from engine.policies import Policies, deadlines_by_row
from engine.policies.table import Table
from engine.process.lint import Waiting


def names_apart(policies: Policies, waiting: Waiting) -> list[Finding]:
    """Deadlines that sound diagrams wait for and one table lacks, and rows that nothing waits for."""
    return [finding for table in policies.tables("deadline") for finding in _apart(table, waiting, policies)]


def _apart(table: Table, waiting: Waiting, policies: Policies) -> Iterator[Finding]:
    rows, named = deadlines_by_row(table), waiting.timers | waiting.tasks
    for name in sorted(named & policies.deadlines() - frozenset[str]().union(*rows.values())):
        message = f"缺少期限“{name}”：流程图等它，别的地区有这一行"
        yield Finding("error", table.file, table.line, name, message, "补上这一行；本地区没有规定的，照抄全国的表")
    lines = {row.id: row.line for row in table.rows}
    for row, names in rows.items():
        if not names & named:
            message = "没有流程图用到这一行期限"
            yield Finding("warning", table.file, lines[row], row, message, "更正阶段、步骤，或删去这一行")
