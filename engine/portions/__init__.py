"""长时间的办理: work of more than a moment is done in portions, each a transaction; here stands how far it has come.

Whoever drives it (a page that is open, for launches also a worker) does a portion and notes it. Killed in between, it
simply stands still until somebody goes on: what a portion did stays, and two drivers at once never do a thing twice,
because every portion looks first at what is left.
"""

from engine.portions.keeping import (
    WorkNotFound,
    begun,
    begun_by,
    begun_with,
    held_now,
    left_alone,
    noted,
    nothing_begun,
    postponed,
    stopped,
    work_by_id,
    work_of,
)
from engine.portions.model import LongWork
from engine.portions.rules import QUIET, Result, Standing, standing_of

__all__ = [
    "QUIET",
    "LongWork",
    "Result",
    "Standing",
    "WorkNotFound",
    "begun",
    "begun_by",
    "begun_with",
    "held_now",
    "left_alone",
    "noted",
    "nothing_begun",
    "postponed",
    "standing_of",
    "stopped",
    "work_by_id",
    "work_of",
]
