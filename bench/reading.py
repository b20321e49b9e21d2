"""`python -m bench.reading`: reads every definition once, in this new process, and tells the seconds of each part."""

import json
from time import perf_counter

began = perf_counter()
from engine.policies import load_policies  # noqa: E402
from engine.process import Diagrams  # noqa: E402
from engine.stages import Library  # noqa: E402
from web.settings import Settings  # noqa: E402


def read() -> dict[str, float]:
    """Seconds for the imports, the tables, the diagrams alone, and everything with all checks."""
    imported = perf_counter()
    bpmn = Settings.from_environment().bpmn
    load_policies(bpmn)
    tables = perf_counter()
    Diagrams.stored({path.name: path.read_bytes() for path in sorted((bpmn / "lifecycle").glob("*.bpmn"))})
    diagrams = perf_counter()
    Library.read(bpmn)
    checked = perf_counter()
    return {
        "imports": imported - began,
        "tables": tables - imported,
        "diagrams": diagrams - tables,
        "checked": checked - diagrams,
    }


if __name__ == "__main__":
    print(json.dumps(read()))
