"""`jixiao rehearse`: files in, a year on a throwaway database, files out; nothing is left behind when it is refused."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from engine.clock import SystemClock
from engine.rehearsal.elsewhere import elsewhere, processes_for
from engine.rehearsal.files import leave, workshop
from engine.rehearsal.inputs import read_departments, read_projects, read_published
from engine.rehearsal.plan import motions
from engine.rehearsal.rehearse import Inputs, must_be_possible, rehearse
from engine.rehearsal.summary import headline, known_measures
from engine.rehearsal.year import Progress
from engine.stages import Library
from web.settings import Settings
from web.wiring import calendar_files, open_database, throwaway_database


def rehearse_year(
    settings: Settings,
    jurisdiction: str,
    year: int,
    *,
    departments: Path | None,
    projects: Path | None,
    published: Path | None,
    seed: int,
    processes: int | None,
    out: Path,
    force: bool = False,
) -> dict[str, Any]:
    """The JSON of the rehearsal; its files are in `out` by then. Everything that can be refused is refused first.

    It takes that many processes, or as many as the machine has cores for.
    """
    inputs = Inputs(
        departments=read_departments(departments) if departments else (),
        projects=read_projects(projects) if projects else (),
        published=read_published(published) if published else (),
    )
    must_be_possible(inputs, year, calendar_files(settings.bpmn))
    library = Library.read(settings.bpmn)
    policy = library.policies.named(jurisdiction)
    planned, at = motions(year), SystemClock().now()
    processes = processes or processes_for(inputs.objects)
    with (
        workshop(out, force=force) as folder,
        throwaway_database(settings.bpmn, at, library) as database,
        elsewhere(partial(open_database, database.logins, settings.bpmn, at), processes - 1) as others,
        progress_bar(planned[0].on, date(planned[-1].on.year + 1, 4, 30)) as progress,
    ):
        outcome = rehearse(database, policy, year, inputs, seed, progress, others)
        leave(outcome, folder)
    return outcome.result


def rehearsal_words(result: dict[str, Any], out: Path) -> str:
    """What came of it, each disagreement by name, and where to read on."""
    differing = [
        f"  {each['measure']}：公布 {each['published']}，演练 {each['computed']}。{each['note']}"
        for each in result["disagreements"]
    ]
    silent = result["published_not_computed"]
    differing += [f"  没有对照的 {len(silent)} 项：{'、'.join(silent)}。"] if silent else []
    differing += [f"  提示：{each['measure']}：{each['note']}" for each in result["remarks"]]
    if any(each["kind"] == "unknown_measure" for each in result["remarks"]):
        differing.append(f"  {known_measures()}")
    where = f"详见 {out}/summary.html（带图）或 summary.md，逐案经过见 cases.jsonl，数据见 results.json。"
    return "\n".join([headline(result), *differing, where])


@contextmanager
def progress_bar(first: date, last: date) -> Iterator[Progress]:
    """A bar over these days on standard error while somebody watches at a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield lambda day, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[day]}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("演练", total=(last - first).days, day=first.isoformat())

        def show(day: date, done: int, total: int) -> None:
            gone = min((day - first).days, (last - first).days)
            bar.update(task, completed=gone, day=day.isoformat(), description=f"演练 办结 {done}/{total}")

        yield show
