"""What a form asks for, done whole, or the page again as it stands now, with the refusal on it."""

from collections.abc import Callable
from typing import Any

from engine.errors import EngineError
from engine.store.database import ChangedMeanwhile
from web.visits import Visit


def done_or_back(visit: Visit, work: Callable[[], Any], back: Callable[[EngineError], Any]) -> Any:
    """The answer of `work`; refused, nothing of it is written and `back` answers.

    Who was not first at a case is tried again by the door.
    """
    try:
        with visit.session.begin_nested():
            return work()
    except ChangedMeanwhile:
        raise
    except EngineError as refusal:
        visit.session.expire_all()
        return back(refusal)
