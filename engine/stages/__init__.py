"""The diagrams that draw the stages of the year, and what was set in motion for whom."""

from engine.stages.launches import launched_for
from engine.stages.library import Library, diagrams_of, library_in_force, library_of
from engine.stages.model import Definition, Launch
from engine.stages.naming import step_drawn, step_name, step_names

__all__ = [
    "Definition", "Launch", "Library", "diagrams_of", "launched_for", "library_in_force", "library_of", "step_drawn",
    "step_name", "step_names",
]  # fmt: skip
