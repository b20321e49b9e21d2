"""How much a process has worked so far, and how long it waited for a processor, as the system tells it (Linux)."""

import os
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import text

from bench.ground import Ground


class Usage(NamedTuple):
    """Seconds on a processor, and seconds in which it could have gone on but others had the processors."""

    worked: float
    waited: float

    def since(self, before: "Usage") -> "Usage":
        """What was added since then."""
        return Usage(self.worked - before.worked, self.waited - before.waited)


def usage_of(process: int | str) -> Usage:
    """Of the main thread of a process; of one that is gone, nothing."""
    try:
        worked, waited, _ = Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return Usage(0.0, 0.0)
    return Usage(int(worked) / 1e9, int(waited) / 1e9)


def added(usages: list[Usage]) -> Usage:
    """All of them together."""
    return Usage(sum(each.worked for each in usages), sum(each.waited for each in usages))


def usage_of_server(ground: Ground) -> Usage:
    """Of all processes of the database's server, which has to be on this machine."""
    with ground.database.upkeep() as session:
        ours = session.scalar(text("SELECT pg_backend_pid()"))
    server = int(_stat_of(ours or 0)[1])
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
    return added([usage_of(child) for child in children])


def worked_by_all_threads(process: int) -> float:
    """Seconds on a processor of a whole process."""
    return sum(map(int, _stat_of(process)[11:13])) / os.sysconf("SC_CLK_TCK")


def _stat_of(process: int) -> list[str]:
    """What the system tells of a process, from its state on."""
    return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
