"""Leaving a job behind in the transaction of a change: it is there when the change is, and somebody will do it.

Who does it, and how often it is tried, is `engine.carrier`'s. Jobs are done at least once, so what they do has to come
out the same when it is done again.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import JSONB

from engine.store.wire import Order

_DEFER = select(func.defer_job(bindparam("task", type_=Text()), bindparam("args", type_=JSONB())))


def deferred(task: str, jurisdiction: str, args: Mapping[str, Any]) -> Order:
    """What leaves the job `task` of a jurisdiction, to go with the trip that writes the change."""
    return Order(_DEFER, {"task": task, "args": {"jurisdiction": jurisdiction, **args}})
