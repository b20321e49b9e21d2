"""`jixiao doctor` on the virus scanner: none, one that works, takes too little, is out of date, or says nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.submissions import scanning
from tests.scanners import Talk, clamd_in, greets, says, says_nothing, scanner_that
from web.probes_of_machine import OF_MACHINE
from web.probing import Finding
from web.settings import PROJECT, Settings

TWO_DAYS_LATER, A_MONTH_LATER = datetime(2022, 10, 12, tzinfo=UTC), datetime(2022, 11, 10, tzinfo=UTC)
"""After the signatures `greets` tells of."""
CLEAN = says(b"stream: OK\0")


def found(address: str | None, now: datetime = TWO_DAYS_LATER) -> Finding:
    settings = replace(Settings(None, None, PROJECT / "bpmn", PROJECT / "var" / "files"), clamd=address)
    return OF_MACHINE["scanner"][1](settings, now)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "GREETING_SECONDS", 1.0)


def test_without_a_scanner_it_says_which_setting_names_one() -> None:
    finding = found(None)

    assert finding.verdict == "warning"
    assert "JIXIAO_CLAMD" in finding.remedy


def test_a_scanner_that_works_is_fine_and_its_signatures_are_told() -> None:
    with scanner_that(greets, greets, CLEAN) as address:
        finding = found(address)

    assert (finding.verdict, finding.words) == ("fine", "ClamAV 1.4.6，病毒库 27800（2022-10-10）")


def test_signatures_nobody_brings_up_to_date_need_attention() -> None:
    with scanner_that(greets, greets, CLEAN) as address:
        finding = found(address, A_MONTH_LATER)

    assert finding.verdict == "warning"
    assert "超过 7 天没有更新" in finding.words


def test_a_scanner_that_takes_less_than_the_largest_file_needs_attention(tmp_path: Path) -> None:
    with clamd_in(tmp_path) as address:
        finding = found(address)

    assert finding.verdict == "warning"
    assert "50 MB 的附件超过它的上限" in finding.words
    assert "StreamMaxLength" in finding.remedy


@pytest.mark.parametrize("talks", [(says_nothing,), (greets, greets, says(b"stream: broken ERROR\0"))])
def test_a_scanner_that_says_nothing_of_a_file_is_a_fault(talks: tuple[Talk, ...]) -> None:
    with scanner_that(*talks) as address:
        finding = found(address)

    assert finding.verdict == "fault"
    assert f"{address} 没有应答，附件照收，不查毒" in finding.words


def test_the_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_CLAMD", "/run/clamav/clamd.ctl")
    named = Settings.from_environment().clamd
    monkeypatch.delenv("JIXIAO_CLAMD")

    assert (named, Settings.from_environment().clamd) == ("/run/clamav/clamd.ctl", None)
