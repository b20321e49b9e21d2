"""What happens: workers and pages are killed, the database crashes, its disk is full, clocks are wrong."""

import random
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from engine.errors import EngineError
from tools.chaos.checker import fired_in
from tools.chaos.place import Place
from tools.chaos.programs import Programs

FULL_SECONDS = 3.0
"""So long the disk stays full."""


class Blow(StrEnum):
    """One thing that goes wrong."""

    KILL = "kill"
    PAGES = "pages"
    CRASH = "crash"
    CLOCK = "clock"
    DISK = "disk"


@dataclass(slots=True)
class Storm:
    """How it went."""

    blows: Counter[Blow] = field(default_factory=Counter)
    away_seconds: float = 0.0
    ended_by_themselves: int = 0


def rage(place: Place, programs: Programs, wanted: Mapping[Blow, int], dice: random.Random) -> Storm:
    """Let so much go wrong, each after some more days took effect, or some seconds; a clock is wrong until the next."""
    storm = Storm()
    blows = [blow for blow, many in wanted.items() for _ in range(many)]
    dice.shuffle(blows)
    stride = max(3, 2 * place.last_old // max(1, len(blows)))
    for blow in blows:
        _let_pass(place, dice.randrange(1, stride), 2 + 3 * dice.random())
        programs.put_clocks_right()
        storm.away_seconds += _strike(place, programs, blow, dice)
        storm.blows[blow] += 1
        storm.ended_by_themselves += programs.fill_up()
    _let_pass(place, stride, 5)
    programs.put_clocks_right()
    return storm


def _strike(place: Place, programs: Programs, blow: Blow, dice: random.Random) -> float:
    """Gives the seconds the database was away."""
    if blow is Blow.CRASH:
        return place.crash_database()
    if blow is Blow.KILL:
        programs.kill_a_worker(dice)
    elif blow is Blow.PAGES:
        programs.kill_pages(dice)
    elif blow is Blow.CLOCK:
        programs.put_a_clock_wrong(dice)
    else:
        place.fill_disk(FULL_SECONDS)
    return 0.0


def _let_pass(place: Place, more: int, seconds: float) -> None:
    begun, end = _known(place), time.monotonic() + seconds
    while _known(place) < begun + more and time.monotonic() < end:
        time.sleep(0.1)


def _known(place: Place) -> int:
    """How many took effect; 0 where the database does not say."""
    with suppress(SQLAlchemyError, EngineError):
        return fired_in(place)
    return 0
