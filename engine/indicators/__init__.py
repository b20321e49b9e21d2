"""指标库: the indicators a unit may take into its target, each with how it is measured, kept by whoever answers for it.

Finance keeps what is common to all, a department or unit what is specific to its work (GZ-07, HX-23). An entry that is
taken over brings its code along, so that its uses are counted and a later change of its wording is seen. What was
retired stays on the forms that have it and is not offered any more; every change keeps what stood there before.

`model`: the entries, their changes, where they are used, files brought along. `rules`: what an entry has to say, and
who may keep it. `library_file`: a whole library as a CSV file, read before anything is judged.
"""

from engine.indicators.model import (
    Indicator,
    IndicatorChange,
    IndicatorNotFound,
    IndicatorUse,
    IndicatorWord,
    LibraryFile,
)
from engine.indicators.rules import COLUMNS, Entry, NotYourIndicator, may_keep, must_be_kept_by

__all__ = [
    "COLUMNS",
    "Entry",
    "Indicator",
    "IndicatorChange",
    "IndicatorNotFound",
    "IndicatorUse",
    "IndicatorWord",
    "LibraryFile",
    "NotYourIndicator",
    "may_keep",
    "must_be_kept_by",
]
