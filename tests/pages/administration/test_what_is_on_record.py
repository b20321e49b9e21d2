"""审计管理员: what is on record, whether it is whole, and who has read what."""

import json
import re

from sqlalchemy import text

from engine.words import Role
from tests.office import Office
from tests.pages.administration.conftest import Before


def test_a_sound_journal_is_told_as_continuous_and_who_checked_is_on_record(office: Office, before: Before) -> None:
    office.reach(office.open_case(), "target_filing.fill_target")
    auditor = before(Role.AUDIT_ADMIN)

    checked = auditor.post("/operations/audit/verification").text
    later = auditor.get("/operations/audit").text

    assert re.search(r"校验 1–\d+ 条 ✓ 连续", checked)
    assert re.search(r"上次校验 .*示例审计管理员\d+：校验 \d+ 条，✓ 连续", later)
    assert "校验办理记录" in auditor.get("/audit/records").text


def test_an_altered_entry_is_found_and_the_page_says_where_and_what_to_do(office: Office, before: Before) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    with office.database.upkeep() as session:
        told = {"case": case}
        session.execute(text("ALTER TABLE journal DISABLE TRIGGER ALL"))
        session.execute(text("UPDATE journal SET payload = '{}' WHERE case_id = :case AND seq = 2"), told)
        session.execute(text("ALTER TABLE journal ENABLE TRIGGER ALL"))

    page = before(Role.OPERATOR).post("/operations/audit/verification").text

    assert "✕ 不连续：1 处" in page
    assert "第2条" in page
    assert "先保全数据库" in page


def test_the_journal_is_taken_away_whole_and_that_is_on_record(office: Office, before: Before) -> None:
    case = office.open_case()
    auditor = before(Role.AUDIT_ADMIN)

    answer = auditor.post("/operations/audit/export")
    lines = [json.loads(line) for line in answer.text.splitlines()]

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert lines[0]["kind"] == "journal"
    assert lines[-1]["counts"]["entry"] == len([line for line in lines if line["kind"] == "entry"])
    assert case in {line.get("case_id") for line in lines}
    assert "导出办理记录" in auditor.get("/audit/records").text
    answer.close()


def test_the_journal_tells_who_did_what_and_is_narrowed_by_person_kind_and_day(office: Office, before: Before) -> None:
    office.reach(office.open_case(), "target_filing.confirm_target")
    auditor, here = before(Role.AUDIT_ADMIN), "/audit/records?tab=journal"

    everything = auditor.get(here).text
    of_clerk = auditor.get(f"{here}&q=李经办").text
    of_kind = auditor.get(f"{here}&kind=case.started").text
    of_day = auditor.get(f"{here}&day=2001-01-01").text

    assert "李经办" in everything
    assert "办结归档案卷的记录收在案卷的档案里" in everything
    assert "王绩效" not in of_clerk
    assert "李经办" in of_clerk
    assert "李经办" not in of_kind
    assert re.search(r"当前条件下没有记录；去掉“日期：2001-01-01”<a [^>]+>可看到 \d+ 条", of_day)


def test_more_than_fifty_lines_are_on_several_pages_without_gap_or_double(office: Office, before: Before) -> None:
    for number in range(1, 5):
        office.reach(office.open_case(code=f"示例-{number}"), "target_filing.confirm_target")
    auditor = before(Role.AUDIT_ADMIN)

    address, found = "/audit/records?tab=journal", []
    while address:
        page = auditor.get(address).text
        found += re.findall(r"案卷 (\d+) · </?[^>]*第 (\d+) 条|案卷 (\d+) · 第 (\d+) 条", page)
        more = re.search(r'href="([^"]+)">下一页', page)
        address = more[1].replace("&amp;", "&") if more else ""

    assert len(found) > 50
    assert len(found) == len(set(found))


def test_every_page_an_observer_is_shown_is_on_record_and_carries_name_and_time(office: Office, before: Before) -> None:
    case = office.open_case()
    office.finish(case)
    observer, auditor = before(Role.OBSERVER), before(Role.AUDIT_ADMIN)

    page = observer.get(f"/cases/{case}")
    observer.get("/cases/987654321")
    record, of_nobody = auditor.get("/audit/readings").text, auditor.get("/audit/readings?q=没有这个人").text

    assert page.status_code == 200
    assert re.search(r"本页由 示例人大、审计\d+ \d+月\d+日 \d\d:\d\d 查阅", page.text)
    assert page.text.count("<span>示例人大、审计") > 20
    assert f"/cases/{case}" in record
    assert f"案卷：{office.case(case).name}" in record
    assert "987654321" not in record
    assert re.search(r"去掉“姓名或账号：没有这个人”<a [^>]+>可看到 \d+ 条", of_nobody)
    assert f"/cases/{case}" not in auditor.get("/audit/records").text


def test_nobody_else_is_watched_or_marked(office: Office, before: Before) -> None:
    case = office.open_case()
    officer, auditor = before(Role.PERFORMANCE_OFFICE), before(Role.AUDIT_ADMIN)

    page = officer.get(f"/cases/{case}").text

    assert "jx-watermark" not in page
    assert "还没有人大、审计人员查阅过" in auditor.get("/audit/readings").text


def test_the_records_of_a_bureau_are_nobody_elses_to_read(before: Before) -> None:
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.PERFORMANCE_OFFICE, Role.OPERATOR, Role.OBSERVER):
        visitor = before(role)
        assert visitor.get("/audit/records").status_code == 403
        assert visitor.get("/audit/readings").status_code == 403
