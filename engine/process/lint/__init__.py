"""The lint: refuses a diagram at deployment that the engine would run wrongly, or that people could not follow.

A rule is a small function over a `Diagram` (one file) or a `Deployment` (all files together) that yields findings.
Rules live by subject: `elements` (what may be drawn), `identity` (ids, names), `wiring` (who follows whom),
`conditions`, `timing` (timers, messages), `instances` (what is done once per item), `tasks` (what people, tables and
operations do), `drawing` (the picture), `soundness` (what can happen, played out in `tokens`), `deployment` (references
between files), `standard` (BPMN's own schema). `check` asks them all. What a diagram may say is listed in `words`.
Nothing here imports the workflow library.
"""

from engine.findings import Finding, Severity, errors
from engine.process.lint.check import Waiting, check_files, count_steps, deadlines_waited_for

__all__ = ["Finding", "Severity", "Waiting", "check_files", "count_steps", "deadlines_waited_for", "errors"]
