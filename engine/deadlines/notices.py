"""放假通知: the days of a year out of the paragraphs of a notice, as they are pasted. Pure.

A paragraph says `国庆节：10月1日（周四）至7日（周三）放假，共7天。10月10日（周六）上班。`; a line may also say
one day, `2027-10-01 放假 国庆节`. Weekdays and numbers of days, where said, have to agree with the year.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from engine.deadlines.calendar import Day, Holiday
from engine.errors import InvalidInput
from engine.words import DayKind

_ONE_DAY = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[\s,，]+(放假|休|调休上班|上班|班)[\s,，]+(\S.*)")
_PARAGRAPH = re.compile(r"(?:[（(]?[一二三四五六七八九十\d]+[）)]?[、.．\s]\s*)?([^：:，,。\d]{1,20})[：:](.+)")
_DAY = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:[（(]([^）)]*)[）)])?")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_COUNT = re.compile(r"共(\d{1,2})天")
_RANGE = re.compile(r"^\s*(?:至|到|-|－|—|～|~)+\s*$")
_ORDER = "一二三四五六日"
_LONGEST_RANGE = 31


class NoticeUnreadable(InvalidInput):
    """A line of a pasted notice from which no days follow."""

    code = "calendar.notice_unreadable"


def days_of_notice(text: str, year: int) -> tuple[Day, ...]:
    """Every day the pasted notice names, in its order; lines that name no day, and the date under it,
    are passed over.

    Refuses a line with days that cannot be read, a weekday or a number of days that does not agree, and a text without
    any day, each with the number of the line and how it is to be written.
    """
    days: list[Day] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if re.search(r"\d日|\d{4}-\d", line) and not _DAY.fullmatch(line):
            days += _days_of_line(line, year, f"第 {number} 行“{line[:40]}”")
    if not days:
        raise NoticeUnreadable(
            "粘贴的文字里没有放假或上班的日子，没有保存。请粘贴通知里“国庆节：10月1日至7日放假”这样的段落。"
        )
    return tuple(days)


def holidays_of(days: Iterable[Day]) -> tuple[Holiday, ...]:
    """The same days as paragraphs: a holiday a run of free days; days worked for it stand with its first run."""
    free: dict[str, list[date]] = {}
    worked: dict[str, list[date]] = {}
    for day in sorted(days, key=lambda day: day.on):
        (worked if day.kind is DayKind.MAKE_UP else free).setdefault(day.holiday or "", []).append(day.on)
    for name in worked.keys() - free.keys():
        raise NoticeUnreadable(f"{worked[name][0]} 调休上班，但没有名为“{name}”的假日，没有保存。请先写它的放假日。")
    found = []
    for name, dates in free.items():
        runs = list(_runs(dates))
        found += [Holiday(name, run[0], run[-1], tuple(worked.get(name, ())) if run is runs[0] else ()) for run in runs]
    return tuple(sorted(found, key=lambda holiday: holiday.first))


def _runs(dates: Iterable[date]) -> Iterator[list[date]]:
    run: list[date] = []
    for on in dates:
        if run and on != run[-1] + timedelta(days=1):
            yield run
            run = []
        run.append(on)
    if run:
        yield run


def _days_of_line(line: str, year: int, where: str) -> Iterator[Day]:
    if one := _ONE_DAY.fullmatch(line):
        kind = DayKind.HOLIDAY if one[2] in ("放假", "休") else DayKind.MAKE_UP
        said, month, day = map(int, one[1].split("-"))
        yield Day(_date(said, month, day, where), kind, one[3].strip())
        return
    paragraph = _PARAGRAPH.fullmatch(line)
    if paragraph is None:
        raise NoticeUnreadable(f"{where}读不出，没有保存。请照“国庆节：10月1日至7日放假。10月10日上班。”的样子写。")
    found = list(_days_of_sentences(paragraph[2], paragraph[1].strip(), year, where))
    free = [day for day in found if day.kind is DayKind.HOLIDAY]
    told = _COUNT.search(paragraph[2])
    if not free:
        raise NoticeUnreadable(f"{where}没有写哪天放假，没有保存。请补上，例如“10月1日至7日放假”。")
    if told and int(told[1]) != len(free):
        raise NoticeUnreadable(f"{where}写“共{told[1]}天”，按日期是 {len(free)} 天，没有保存。请对照通知核对。")
    yield from found


def _days_of_sentences(text: str, name: str, year: int, where: str) -> Iterator[Day]:
    month: int | None = None
    for sentence in re.split("[。；;]", text):
        kind = DayKind.HOLIDAY if "放假" in sentence else DayKind.MAKE_UP
        if "放假" not in sentence and "上班" not in sentence:
            if _DAY.search(sentence):
                raise NoticeUnreadable(f"{where}有日子没有写放假还是上班，没有保存。请补上。")
            continue
        before: date | None = None
        ends = 0
        for said in _DAY.finditer(sentence):
            month = int(said[2]) if said[2] else month
            if month is None:
                raise NoticeUnreadable(f"{where}有日子没有写几月，没有保存。请补上。")
            on = _date(int(said[1] or year), month, int(said[3]), where)
            _must_be_weekday(on, said[4] or "", where)
            is_end = before is not None and _RANGE.match(sentence[ends : said.start()])
            yield from _from(before if is_end else None, on, kind, name, where)
            before, ends = on, said.end()


def _from(first: date | None, last: date, kind: DayKind, name: str, where: str) -> Iterator[Day]:
    """`last`, and before it what lies between it and `first`, which has been told."""
    length = 0 if first is None else (last - first).days
    if first is not None and not 0 < length <= _LONGEST_RANGE:
        raise NoticeUnreadable(f"{where}的起止日期前后不对，没有保存。请核对。")
    for back in range(max(length - 1, 0), -1, -1):
        yield Day(last - timedelta(days=back), kind, name)


def _date(year: int, month: int, day: int, where: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoticeUnreadable(f"{where}里没有 {year}年{month}月{day}日 这一天，没有保存。请核对。") from None


def _must_be_weekday(on: date, note: str, where: str) -> None:
    told = _WEEKDAY.search(note)
    if told and _ORDER.index(told[1].replace("天", "日")) != on.weekday():
        raise NoticeUnreadable(
            f"{where}写{on.month}月{on.day}日是{told[0]}，{on.year} 年这一天是周{_ORDER[on.weekday()]}，没有保存。"
            "请核对年份和日期。"
        )
