"""The real tables, read once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.policies import Decision, Policies, load_policies

BPMN = Path(__file__).resolve().parents[3] / "bpmn"

Ask = Callable[..., Decision]


@pytest.fixture(scope="session")
def bpmn() -> Path:
    return BPMN


@pytest.fixture(scope="session")
def policies() -> Policies:
    return load_policies(BPMN)


@pytest.fixture
def ask(policies: Policies, request: pytest.FixtureRequest) -> Ask:
    """Asks the jurisdiction a test module is about (its `JURISDICTION`)."""
    policy = policies.of(request.module.JURISDICTION)

    def asked(decision: str, **inputs: Any) -> Decision:
        return policy.decide(decision, inputs)

    return asked
