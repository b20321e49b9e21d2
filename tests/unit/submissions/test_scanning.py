"""查毒: what a scanner says of a file, and that nobody waits longer than bounded for one that says nothing."""

import logging
import time
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from engine.packed import MB
from engine.submissions import scanning
from engine.submissions.file_store import FileStore
from engine.submissions.scanning import FileInfected, Greeting, Scanner, ScannerRefused, Verdict, must_be_clean
from engine.words import Scan
from tests.scanners import (
    CLEAN_PDF,
    INFECTED_PDF,
    LOOKED_INTO_KB,
    STREAM_MB,
    Talk,
    babbles,
    clamd_in,
    greets,
    hangs_up,
    says,
    says_nothing,
    scanner_that,
    trickles,
)

SOON = 5.0
"""Seconds; ample for bounds of less than one."""


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    """The real one."""
    with clamd_in(tmp_path_factory.mktemp("clamd")) as address:
        yield Scanner(address)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "GREETING_SECONDS", 0.5)
    monkeypatch.setattr(scanning, "SECONDS", 0.5)


def test_a_file_without_a_virus_is_clean(clamd: Scanner) -> None:
    assert clamd.judge(BytesIO(CLEAN_PDF)).scan is Scan.CLEAN


def test_a_file_with_a_virus_is_infected_and_the_virus_has_its_name(clamd: Scanner) -> None:
    assert clamd.judge(BytesIO(INFECTED_PDF)) == Verdict(Scan.INFECTED, "Eicar-Test.UNOFFICIAL")


def test_a_file_larger_than_the_scanner_takes_is_not_called_clean(clamd: Scanner) -> None:
    assert clamd.judge(BytesIO(CLEAN_PDF + bytes((STREAM_MB + 20) * MB))).scan is Scan.TOO_LARGE


def test_a_file_the_scanner_gives_up_on_is_not_called_clean_and_not_infected(clamd: Scanner) -> None:
    assert clamd.judge(BytesIO(CLEAN_PDF + bytes(2 * LOOKED_INTO_KB * 1024))).scan is Scan.TOO_LARGE


def test_the_scanner_says_who_it_is(clamd: Scanner) -> None:
    greeting = clamd.greet()

    assert greeting is not None
    assert greeting.program.startswith("ClamAV ")


def test_the_signatures_a_file_was_held_against_are_told() -> None:
    with scanner_that(greets, greets, says(b"stream: OK\0")) as address:
        greeting = Scanner(address).greet()
        verdict = Scanner(address).judge(BytesIO(CLEAN_PDF))

    assert greeting == Greeting("ClamAV 1.4.6", "27800", date(2022, 10, 10))
    assert verdict == Verdict(Scan.CLEAN, "27800")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("talks", [
    (says_nothing,), (trickles,), (babbles,), (hangs_up,),
    (greets, says_nothing), (greets, trickles), (greets, babbles), (greets, hangs_up),
    (greets, says(b"stream: Can't allocate memory ERROR\0")), (greets, says(b"\xff\xfe")), (greets, says(b"")),
], ids=lambda talks: "-".join(talk.__name__ for talk in talks))  # fmt: skip
def test_a_scanner_that_behaves_badly_has_said_nothing_within_the_bound(talks: tuple[Talk, ...]) -> None:
    began = time.monotonic()
    with scanner_that(*talks) as address:
        verdict = Scanner(address).judge(BytesIO(CLEAN_PDF + bytes(8 * MB)))

    assert verdict == Verdict(Scan.SILENT)
    assert time.monotonic() - began < SOON


@pytest.mark.usefixtures("impatient")
def test_a_scanner_that_hangs_is_not_sent_the_file() -> None:
    file = BytesIO(CLEAN_PDF)
    with scanner_that(says_nothing) as address:
        Scanner(address).judge(file)

    assert file.tell() == 0


def test_a_scanner_that_is_not_there_has_said_nothing(tmp_path: Path) -> None:
    with scanner_that() as address:
        pass

    assert Scanner(address).judge(BytesIO(CLEAN_PDF)) == Verdict(Scan.SILENT)
    assert Scanner(str(tmp_path / "no socket")).judge(BytesIO(CLEAN_PDF)) == Verdict(Scan.SILENT)
    assert Scanner(address).greet() is None


@pytest.mark.parametrize("address", ["", "clamd", "run/clamav/clamd.ctl", "localhost:", ":3310", "localhost:70000"])
def test_what_is_no_address_is_refused_with_the_setting(address: str) -> None:
    with pytest.raises(ScannerRefused, match="JIXIAO_CLAMD"):
        Scanner(address)


def test_an_infected_file_is_refused_and_nothing_of_it_is_kept(
    clamd: Scanner, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = FileStore(tmp_path / "files", clamd)

    with caplog.at_level(logging.WARNING), pytest.raises(FileInfected) as refusal:
        store.keep(BytesIO(INFECTED_PDF), "验收单.pdf")

    assert refusal.value.message == (
        "“验收单.pdf”查出病毒（Eicar-Test.UNOFFICIAL），没有上传，也没有留存。"
        "请先在本机杀毒，换成没有病毒的文件再上传；拿不准的请找本单位的信息化人员。"
    )
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    assert "验收单.pdf" in caplog.text


def test_a_file_is_kept_with_what_was_said_of_it(clamd: Scanner, tmp_path: Path) -> None:
    kept = FileStore(tmp_path / "files", clamd).keep(BytesIO(CLEAN_PDF), "验收单.pdf")
    asked_nobody = FileStore(tmp_path / "others").keep(BytesIO(INFECTED_PDF), "验收单.pdf")

    assert (kept.verdict.scan, asked_nobody.verdict.scan) == (Scan.CLEAN, Scan.UNASKED)


def test_a_file_kept_before_there_was_a_scanner_is_judged_where_it_lies(clamd: Scanner, tmp_path: Path) -> None:
    kept = FileStore(tmp_path / "files").keep(BytesIO(INFECTED_PDF), "验收单.pdf")

    assert FileStore(tmp_path / "files", clamd).scan(kept.sha256).scan is Scan.INFECTED
    assert FileStore(tmp_path / "files").scan(kept.sha256).scan is Scan.UNASKED


def test_without_a_scanner_nothing_is_refused() -> None:
    assert must_be_clean(None, BytesIO(INFECTED_PDF), "名册.csv") == Verdict(Scan.UNASKED)
