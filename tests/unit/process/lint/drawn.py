"""A short way of writing small processes down, without a picture."""

import re
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

FILES = Path(__file__).parent / "files"
FLOW = re.compile(r"(?P<source>\w+) (?P<arrow>->|=>) (?P<target>\w+)(?: \[(?P<condition>.+)\])?")


def bpmn(text: str, process: str = "case") -> bytes:
    """BPMN for lines like these; `=>` is a gateway's default way, `on=` attaches a boundary event::

    startEvent begun
    userTask fill sets="found:list"
    boundaryEvent late on=fill timer=case.fill cancel=false
    begun -> choice
    choice => fill
    choice -> done [outcome == 'returned']
    subProcess inner {
        ...
    }
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x"'
        ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"><message id="m" name="case.told"/>'
        f'<process id="{process}" name="流程" isExecutable="true">{_scope(lines)}</process></definitions>'
    ).encode()


def _scope(lines: list[str]) -> str:
    """Takes lines up to the brace that closes the scope."""
    nodes, flows, defaults = [], [], {}
    while lines and (line := lines.pop(0)) != "}":
        if found := FLOW.fullmatch(line):
            name = f"{found['source']}__{found['target']}"
            condition = f"<conditionExpression>{escape(found['condition'] or '')}</conditionExpression>"
            flows.append(
                f'<sequenceFlow id="{name}" sourceRef="{found["source"]}" targetRef="{found["target"]}">'
                f"{condition if found['condition'] else ''}</sequenceFlow>"
            )
            defaults |= {found["source"]: name} if found["arrow"] == "=>" else {}
        else:
            nodes.append((line.removesuffix(" {"), _scope(lines) if line.endswith("{") else ""))
    return "".join(_node(line, inner, defaults) for line, inner in nodes) + "".join(flows)


def _node(line: str, inner: str, defaults: dict[str, str]) -> str:
    kind, name, *words = re.findall(r'\w+="[^"]*"|\S+', line)
    given = {key: value.strip('"') for key, value in (word.split("=", 1) for word in words)}
    taken = {"on": "attachedToRef", "cancel": "cancelActivity", "calls": "calledElement"}
    attributes = {"id": name, "default": defaults.get(name)} | {taken[key]: given.pop(key, None) for key in taken}
    shown = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value is not None)
    definition = ""
    if timer := given.pop("timer", None):
        definition = f"<timerEventDefinition><timeDate>deadline('{timer}')</timeDate></timerEventDefinition>"
    for event in ("message", "terminate", "error"):
        reference = ' messageRef="m"' if event == "message" else ""
        definition += f"<{event}EventDefinition{reference}/>" if given.pop(event, None) else ""
    properties = "".join(f'<spiffworkflow:property name="{k}" value={quoteattr(v)}/>' for k, v in given.items())
    extension = (
        f"<extensionElements><spiffworkflow:properties>{properties}</spiffworkflow:properties></extensionElements>"
    )
    return f"<{kind}{shown}>{extension if properties else ''}{definition}{inner}</{kind}>"
