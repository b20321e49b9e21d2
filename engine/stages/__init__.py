"""The stages of the year, the diagrams that draw them, and what was set in motion for whom."""

from engine.stages.launches import launched_for
from engine.stages.library import Library, diagrams_of, library_of
from engine.stages.model import STAGE_NAMES, STAGES, Definition, Launch

__all__ = ["STAGES", "STAGE_NAMES", "Definition", "Launch", "Library", "diagrams_of", "launched_for", "library_of"]
