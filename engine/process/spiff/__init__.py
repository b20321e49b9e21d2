"""SpiffWorkflow behind one door: nothing outside this folder imports the library, and one file knows its insides.

The library's part: reading BPMN, the states of a task and what follows from each, sub-processes and multi-instance.
Ours: `steps` (a state and an answer in, the next state and what changed out), `jump`, `migrate`; `workflow` (one case
in memory and the notes a step takes); `codec`, `compact` (states as bytes, small); `look` (what is waited for);
`events`, `joins`, `specs` (the library's activities, mended; its timers and messages replaced); `parser`, `definition`,
`diagrams` (read once, shared by all). Names the library keeps to itself appear in `private` alone.
"""

from engine.process.spiff.diagrams import Diagrams
from engine.process.spiff.jump import jump
from engine.process.spiff.migrate import migrate
from engine.process.spiff.steps import complete, deliver, fire, look, start

__all__ = ["Diagrams", "complete", "deliver", "fire", "jump", "look", "migrate", "start"]
