"""The pytest plugin inside a worker: the tests share its PostgreSQL, and the first one that fails is named."""

from typing import Any

import pytest

FIXTURE = "server"
"""The fixture of tests/conftest.py that gives the logins to a PostgreSQL."""


class Watching:
    """Gives the server that runs already in place of a new one."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.failed: str | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Any:
        if fixturedef.argname != FIXTURE:
            return None
        from engine.store import Logins  # only here, in the fork: the changed code

        logins = Logins.of_owner(self.server)
        fixturedef.cached_result = (logins, fixturedef.cache_key(request), None)  # type: ignore[arg-type]
        return logins

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.failed is None:
            self.failed = report.nodeid
