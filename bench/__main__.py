"""`python -m bench [MEASURE …] [--json FILE]`: every demand of speed and size, measured and compared in one run."""

import json
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

import click
from rich.console import Console

from bench import (
    carrying,
    cold,
    due,
    far,
    firing,
    forms,
    launch,
    mails,
    pages,
    parts,
    reads,
    return_loop,
    review_loop,
    row_sizes,
    state_size,
    step_time,
    two_processes,
    worklist,
)
from bench.ground import BPMN, Ground, ground
from bench.report import Report, as_json, missed, show
from engine.stages import Library

CROWD = 10_000
PAPER_WIDTH = 120

WITHOUT_DATABASE: Mapping[str, Callable[[Library], Report]] = {
    "state": state_size.measure,
    "loop": lambda library: return_loop.measure_process(library, rounds=300),
    "forms": lambda library: forms.measure(rounds=40),
    "start": lambda library: cold.measure_start(rounds=5),
}
IN_DATABASE: Mapping[str, Callable[[Ground], Report]] = {
    "step": lambda place: step_time.measure(place, rounds=10),
    "review": lambda place: review_loop.measure_loop(place, rounds=40),
    "parts": lambda place: parts.measure(place, rounds=40),
    "begin": lambda place: review_loop.measure_start(place, rounds=150),
    "rows": row_sizes.measure,
    "returns": lambda place: return_loop.measure_commands(place, rounds=100),
    "processes": lambda place: two_processes.measure(place, rounds=8),
    "worklist": lambda place: worklist.measure(place, CROWD, rounds=50),
    "launch": lambda place: launch.measure(place, CROWD),
    "firing": lambda place: firing.measure(place, CROWD),
    "reads": lambda place: reads.measure(place, rounds=20),
    "pages": lambda place: pages.measure(place, rounds=40),
    "people": pages.measure_crowd,
    "rehearsal": cold.measure_rehearsal,
}
LONG: Mapping[str, Callable[[Ground], Report]] = {
    "carrying": lambda place: carrying.measure(place, 2 * CROWD),
    "due": lambda place: due.measure(place, CROWD),
    "far": lambda place: far.measure(place, 100 * CROWD),
    "mails": lambda place: mails.measure(place, 5 * CROWD),
}
"""Measured only when they are named: minutes each."""
USUAL = (*WITHOUT_DATABASE, *IN_DATABASE)


@click.command()
@click.argument("measures", nargs=-1, type=click.Choice((*USUAL, *LONG)))
@click.option("--json", "file", type=click.Path(path_type=Path), help="结果另存为 JSON 文件。")
def main(measures: tuple[str, ...], file: Path | None) -> None:
    """量速度和大小，对照要求。不写名称就把平常的量一遍，每项用自己的空库；carrying、due、far、mails 要写名称。"""
    wanted = set(measures or USUAL)
    console = Console() if sys.stdout.isatty() else Console(width=PAPER_WIDTH)
    library = Library.read(BPMN)
    reports: dict[str, Report] = {}
    for name, report in _reports(library, wanted):
        reports[name] = report
        show(console, report)
        console.print()
        if file is not None:
            file.write_text(json.dumps(as_json(reports), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for sentence in missed(reports.values()):
        console.print(f"[red]未达到[/] {sentence}", highlight=False, soft_wrap=True)


def _reports(library: Library, wanted: Collection[str]) -> Iterator[tuple[str, Report]]:
    """Measure after measure; what needs a database gets an empty one of its own."""
    for name, measure in WITHOUT_DATABASE.items():
        if name in wanted:
            yield name, measure(library)
    for name, measure_in in {**IN_DATABASE, **LONG}.items():
        if name in wanted:
            with ground(library) as place:
                report = measure_in(place)
            yield name, report


if __name__ == "__main__":
    main()
