"""Where a bureau got to by the same steps in an earlier test: put into the database at once instead of done again.

The tests of a file lead their cases to the same place again and again, always from an empty database, on a clock that
stands where it is put; what comes out is the same down to the numbers of the rows. So the rows a way came to are kept,
and written when a later test goes the same way. A way is known only from its first step on, and only as long as nothing
else uses the database in between: after that everything is done in earnest.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any, Protocol

from engine.clock import SteppingClock

WORTH_KEEPING = 0.03
"""Seconds a step must take: writing its rows takes a third of that."""


class Shelf(Protocol):
    """A database whose rows can be taken out and put in, all at once."""

    def uses(self) -> int:
        """How often its connections were asked for so far."""

    def taken_out(self) -> Any:
        """Everything a test has written."""

    def put_in(self, rows: Any) -> None:
        """Exactly these rows instead of those that are there."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a way came to: its rows, the clock, and what the last step gave."""

    rows: Any
    at: datetime
    gave: Any


Said = tuple[str, ...]
Stand = tuple[str, ...]
"""Where a case stands: its stage and whatever waits for somebody."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A case gone on normally, stand by stand."""

    stands: tuple[Stand, ...]
    end: Place

    def does_not_pass(self, goal: Callable[[Stand], bool]) -> bool:
        """Whether the goal is not behind its end."""
        return not any(map(goal, self.stands[:-1]))


class Known:
    """What all tests of a process have come to."""

    def __init__(self) -> None:
        self.places: dict[Said, Place] = {}
        self.walks: dict[Said, list[Walk]] = {}


class Way:
    """The steps of one test from the empty database on."""

    def __init__(self, shelf: Shelf, known: Known) -> None:
        self._shelf, self._known = shelf, known
        self._said: Said = ()
        self._uses = shelf.uses()
        self._is_left = self._is_under_way = False

    def __len__(self) -> int:
        return len(self._said)

    def goes_on(self) -> bool:
        """Whether nothing else has used the database since the last step."""
        self._is_left = self._is_left or self._shelf.uses() != self._uses
        return not self._is_left

    def step(self, said: str, do: Callable[[], Any], clock: SteppingClock, *, by_heart: bool = True) -> Any:
        """What the step `said` gives: from memory where the whole way to it is known, or done."""
        if self._in_earnest(said):
            return do()
        self._said += (f"{clock.now()} {said}",)
        if by_heart and (place := self._known.places.get(self._said)):
            return self._go_to(place, clock)
        with self._watched() as watch:
            gave = do()
        if by_heart and watch.took > WORTH_KEEPING:
            self._known.places[self._said] = self._here(clock, gave)
        return gave

    def walk(
        self, said: str, goal: Callable[[Stand], bool], go: Callable[[], list[Stand]], clock: SteppingClock
    ) -> None:
        """Go on to the goal, from the furthest place known of the same walk; `go` gives all stands it has passed."""
        if self._in_earnest(said):
            go()
            return
        begun = (*self._said, f"{clock.now()} {said}")
        walks = self._known.walks.setdefault(begun, [])
        before = max((walk for walk in walks if walk.does_not_pass(goal)), key=lambda it: len(it.stands), default=None)
        stands: tuple[Stand, ...] = ()
        if before is not None:
            self._go_to(before.end, clock)
            stands = before.stands
        if not (stands and goal(stands[-1])):
            with self._watched() as watch:
                stands = (*stands[:-1], *go())
            if watch.took > WORTH_KEEPING:
                walks.append(Walk(stands, self._here(clock, None)))
        self._said = (*begun, f"{len(stands)} stands")

    def _in_earnest(self, said: str) -> bool:
        self._is_left = self._is_left or " at 0x" in said  # which says nothing of what lies there
        return self._is_under_way or not self.goes_on()

    @contextmanager
    def _watched(self) -> Iterator["_Watch"]:
        watch = _Watch(perf_counter())
        self._is_under_way = True
        try:
            yield watch
        except BaseException:
            self._is_left = True
            raise
        finally:
            self._is_under_way = False
        self._uses = self._shelf.uses()
        watch.took = perf_counter() - watch.begun

    def _here(self, clock: SteppingClock, gave: Any) -> Place:
        return Place(self._shelf.taken_out(), clock.now(), gave)

    def _go_to(self, place: Place, clock: SteppingClock) -> Any:
        self._shelf.put_in(place.rows)
        clock.move_to(place.at)
        return place.gave


@dataclass
class _Watch:
    begun: float
    took: float = 0


_lent: dict[int, Way] = {}


@contextmanager
def lent(database: Any, way: Way) -> Iterator[None]:
    """As long as one test has the database, its way can be asked for."""
    _lent[id(database)] = way
    yield
    del _lent[id(database)]


def way_of(database: Any) -> Way | None:
    """The way of the test that has the database; None where several share it."""
    return _lent.get(id(database))


def by_heart(database: Any, said: str, do: Callable[[], Any], clock: SteppingClock) -> Any:
    """What `do` gives and writes, from memory where the whole way to it is known."""
    way = way_of(database)
    return do() if way is None else way.step(said, do, clock)
