"""What a measure tells: figures with their demands, a table or two of detail, remarks; on the screen and as JSON."""

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from os import cpu_count, getloadavg
from typing import Any

from rich.console import Console
from rich.table import Table as ScreenTable


@dataclass(frozen=True, slots=True)
class Demand:
    """A border a figure has to keep: at least, or at most, `border`."""

    word: str
    border: float

    def holds(self, value: float) -> bool:
        """Whether a value keeps it."""
        return value >= self.border if self.word == "≥" else value <= self.border

    def __str__(self) -> str:
        return f"{self.word} {self.border:g}"


def at_least(border: float) -> Demand:
    """The figure must not be smaller."""
    return Demand("≥", border)


def at_most(border: float) -> Demand:
    """The figure must not be larger."""
    return Demand("≤", border)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its unit; figures without a demand are told for comparison."""

    name: str
    value: float
    unit: str
    demand: Demand | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the demand is met; None where nothing is demanded."""
        return None if self.demand is None else self.demand.holds(self.value)


@dataclass(frozen=True, slots=True)
class Detail:
    """A table behind the figures."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(slots=True)
class Report:
    """What one measure found."""

    title: str
    figures: list[Figure] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def tell(self, name: str, value: float, unit: str, demand: Demand | None = None) -> None:
        """Add a figure."""
        self.figures.append(Figure(name, value, unit, demand))


def show(console: Console, report: Report) -> None:
    """Print a report."""
    console.rule(f"[bold]{report.title}", align="left")
    table = ScreenTable("指标", "实测", "单位", "要求", "", box=None, pad_edge=False)
    for column in (1, 3):
        table.columns[column].justify = "right"
    for figure in report.figures:
        mark = {None: "", True: "[green]✓", False: "[red]✕"}[figure.holds]
        table.add_row(figure.name, _short(figure.value), figure.unit, str(figure.demand or ""), mark)
    console.print(table)
    for detail in report.details:
        console.print(_screen_table(detail))
    for remark in report.remarks:
        console.print(f"· {remark}", highlight=False, soft_wrap=True)


def as_json(reports: Mapping[str, Report]) -> dict[str, Any]:
    """Everything as one JSON document: the machine, then measure by measure."""
    return {"machine": machine(), "measures": {name: _plain(report) for name, report in reports.items()}}


def missed(reports: Iterable[Report]) -> list[str]:
    """The figures that do not keep their demand, in words."""
    return [
        f"{report.title}：{figure.name} {_short(figure.value)} {figure.unit}（要求 {figure.demand}）"
        for report in reports
        for figure in report.figures
        if figure.holds is False
    ]


def machine() -> dict[str, Any]:
    """What the figures depend on; nothing that names this machine."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "processors": cpu_count(),
        "load_average": [round(load, 2) for load in getloadavg()],
        "spiffworkflow": version("SpiffWorkflow"),
        "sqlalchemy": version("SQLAlchemy"),
        "psycopg": version("psycopg"),
    }


def _plain(report: Report) -> dict[str, Any]:
    plain = asdict(report)
    for told, figure in zip(plain["figures"], report.figures, strict=True):
        told |= {"demand": str(figure.demand) if figure.demand else None, "holds": figure.holds}
    return plain


def _screen_table(detail: Detail) -> ScreenTable:
    table = ScreenTable(*detail.columns, title=detail.title, title_justify="left", box=None, pad_edge=False)
    for number, column in enumerate(table.columns):
        column.justify = "left" if number == 0 else "right"
    for row in detail.rows:
        table.add_row(*(_short(cell) if isinstance(cell, float) else str(cell) for cell in row))
    return table


def _short(value: float) -> str:
    if isinstance(value, int) or value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.1f}"
