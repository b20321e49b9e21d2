"""The files of a rehearsal are taken whole and exactly, or refused with row and column."""

import io
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.rehearsal.csv_table import MOST_ROWS, InputRefused
from engine.rehearsal.inputs import read_departments, read_projects, read_published

DATA = Path(__file__).resolve().parents[3] / "data"
DEPARTMENTS = "agency,unit,score,grade\n甲事务所,甲局,90.50,优\n甲事务所,乙局,80.2,良\n"
PROJECTS = (
    "no,name,funds_wan_yuan,self_score,third_party_score,grade,name_inferred\n"
    "1,道路改造,300,100,92.5,优,no\n"
    "2,幼儿园经费,476.604,99.90,91.13,优,no\n"
    "2,幼儿园经费（经开区）,556.892,99.25,91.13,优,yes\n"
)
PUBLISHED = (
    "jurisdiction,year,measure,value,unit,seed_file\n"
    "花溪区,2021,重点项目评价涉及资金总额（原文）,9299,万元,001.txt\n"
    "江汉区,2018-2021,督促整改完善管理制度,60,项,004.txt\n"
    "海沧区,2020,管理办法到期日,2020-07-21,日期,002.txt\n"
)

Write = Callable[[str | bytes], Path]


def packed(name: str, content: bytes = b"x") -> bytes:
    """A ZIP with one part."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as package:
        package.writestr(name, content)
    return raw.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "输入.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def refusal(read: Callable[[Path], object], path: Path) -> InputRefused:
    with pytest.raises(InputRefused) as refused:
        read(path)
    return refused.value


def test_the_published_tables_of_huaxi_are_read_exactly() -> None:
    departments = read_departments(DATA / "huaxi_2021_departments.csv")
    lines = read_projects(DATA / "huaxi_2021_projects.csv")

    assert len(departments) == 67
    assert (departments[2].unit, departments[2].score) == ("中共贵阳市花溪区委党校", D("80.2"))
    assert len(lines) == 35
    assert sum(line.funds_wan for line in lines) == D("9298.22276")
    assert [line.no for line in lines if line.name_inferred] == [13, 24]


def test_published_aggregates_keep_text_number_and_date_apart(write: Write) -> None:
    money, years, expiry = read_published(write(PUBLISHED))

    assert (money.value, money.number, money.unit) == ("9299", D(9299), "万元")
    assert years.year == "2018-2021"
    assert (expiry.value, expiry.number) == ("2020-07-21", None)
    assert len(read_published(DATA / "seed_aggregates.csv")) == 165


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n\n\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(write: Write, mark: bytes, line_end: str) -> None:
    content = mark + (DEPARTMENTS.rstrip().replace("\n", line_end[:2].strip("\n") + "\n") + line_end).encode()

    assert [each.unit for each in read_departments(write(content))] == ["甲局", "乙局"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (DEPARTMENTS.encode("gbk"), "文件编码是 GBK（ANSI），应为 UTF-8。请在 Excel 或 WPS 中选择“另存为”“CSV UTF-8"),
        (DEPARTMENTS.encode("utf-16"), "文件编码是 UTF-16"),
        (b"agency,unit,score,grade\n\xff\xff\xff,\x81", "未知编码或文件已损坏"),
        (b"PK\x03\x04rest of a workbook", "这是 Excel 工作簿，不是 CSV"),
        (packed("xl/workbook.xml"), "这是 Excel 工作簿，不是 CSV。请在 Excel 或 WPS 中选择"),
        (packed("word/document.xml"), "这是 Word 文档，不是 CSV。请找到原来的表格"),
        (packed("OFD.xml"), "这是 OFD 版式文件"),
        (packed("table.csv"), "这是 压缩包（zip）"),
        (packed("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), "这是 Excel 工作簿"),
        (b"%PDF-1.7\n%\xe2\xe3", "这是 PDF 文件，不是 CSV"),
        (b"\xd0\xcf\x11\xe0rest", "这是 旧版 Office 文件"),
        (b"Rar!\x1a", "压缩包（rar）"),
        (b"\x89PNG\r\n", "PNG 图片"),
        (b"\xef\xbb\xbf<html><table>", "这是 网页"),
        (b"<?xml version='1.0'?>", "这是 XML 文件"),
        (b"agency,unit,score,grade\n\x00,1,1,1\n", "空字符"),
        (b"", "文件是空的"),
    ],
)
def test_a_wrong_encoding_is_refused_with_the_remedy(write: Write, content: bytes, message: str) -> None:
    assert message in refusal(read_departments, write(content)).message


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("unit,agency,score,grade", "列的顺序不对；表头应为：agency,unit,score,grade。"),
        ("agency,unit,score", "表头不对，应为：agency,unit,score,grade。"),
        ("agency,unit,points,grade", "第 1 行“points”列：表头不对"),
        ("agency;unit;score;grade", "列之间应用英文逗号分隔"),
        ("机构,单位,得分,等级", "表头不对"),
        ("agency,unit,score,grade,grade", "表头不对"),
    ],
)
def test_a_wrong_header_is_refused_before_anything_is_read(write: Write, header: str, message: str) -> None:
    assert message in refusal(read_departments, write(DEPARTMENTS.replace("agency,unit,score,grade", header))).message


@pytest.mark.parametrize(
    ("score", "message"),
    [
        ("", "单元格是空的"),
        ("  ", "单元格是空的"),
        ("　", "单元格是空的"),
        ("九十", "不是数字"),
        ("1e2", "不是数字"),
        ("NaN", "不是数字"),
        (".5", "不是数字"),
        ("-1", "是负数"),
        ("－1", "是负数"),
        ("９０", "全角数字"),
        ("95%", "百分号"),
        ('"1,033.50"', "千分位"),
        ("100.01", "超过上限 100"),
        ("90.125", "小数超过 2 位"),
        ("90.000", "小数超过 2 位"),
        ("-cmd", "会被表格软件当作公式"),
        ("|calc", "会被表格软件当作公式"),
        ("90\u3164", "看不见的字符"),
        ("90\ue000", "看不见的字符"),
        ("=1+1", "会被表格软件当作公式"),
        ("+90", "会被表格软件当作公式"),
        ("@SUM(A1)", "会被表格软件当作公式"),
        ('"9\n0"', "换行或看不见的字符"),
        ("90\u200b", "换行或看不见的字符"),
        ("9" * 501, "超过 500 个字"),
    ],
)
def test_a_bad_cell_is_refused_with_its_row_and_column(write: Write, score: str, message: str) -> None:
    error = refusal(read_departments, write(DEPARTMENTS.replace("80.2", score)))

    assert error.message.startswith("文件“输入.csv”没有读入。第 3 行“score”列：")
    assert message in error.message
    assert (error.facts["row"], error.facts["column"]) == (3, "score")


def test_a_formula_in_a_name_is_refused(write: Write) -> None:
    error = refusal(read_departments, write(DEPARTMENTS.replace("乙局", '"=HYPERLINK(""x"")"')))

    assert (error.facts["row"], error.facts["column"]) == (3, "unit")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("甲事务所,丙局,80.2", "第 4 行：应有 4 列，实有 3 列"),
        ("甲事务所,丙局,80.2,良,多", "第 4 行：应有 4 列，实有 5 列"),
        ('甲事务所,"丙局,80.2,良', "引号不成对"),
        ("甲事务所,丙局,80.2,良好", "第 4 行“grade”列：“良好”不在可填范围：优、良、中、低、差。"),
        ("丙事务所,甲局,80.2,良", "第 4 行“unit”列：单位“甲局”与第 2 行重复。"),
        ("丙事务所,甲 局,80.2,良", "单位“甲 局”与第 2 行重复（只是全角、半角或空格不同）"),
        ("丙局,丙 局,80.2,良", "评价机构就是被评价单位"),
        ("丙事务所,——,80.2,良", "“——”里没有文字"),
        (",,,\n丙事务所,丙局,80.2,良", "第 4 行：整行是空的，请删去这一行"),
    ],
)
def test_a_bad_row_is_refused(write: Write, row: str, message: str) -> None:
    assert message in refusal(read_departments, write(f"{DEPARTMENTS}{row}\n")).message


def test_rows_a_spreadsheet_left_at_the_end_with_nothing_but_commas_are_no_rows(write: Write) -> None:
    assert len(read_departments(write(f"{DEPARTMENTS},,,\n, ,　,\n"))) == 2


def test_units_that_differ_only_in_width_are_one(write: Write) -> None:
    twins = DEPARTMENTS.replace("甲局", "第1局（本级）").replace("乙局", "第１局(本级)")

    assert (
        "单位“第１局(本级)”与第 2 行重复（只是全角、半角或空格不同）" in refusal(read_departments, write(twins)).message
    )


def test_a_file_with_only_a_header_is_refused(write: Write) -> None:
    assert "没有数据行" in refusal(read_departments, write("agency,unit,score,grade\n")).message


def test_all_problems_of_a_file_are_named_at_once(write: Write) -> None:
    error = refusal(read_departments, write(DEPARTMENTS.replace("90.50", "x").replace("良", "很好")))

    assert error.message.endswith("另有 1 处问题，一并更正后再读入。")
    assert [(problem["row"], problem["column"]) for problem in error.facts["problems"]] == [(2, "score"), (3, "grade")]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("556.892,99.25,91.13", "556.892,99.25,91.14", "第 4 行“third_party_score”列：序号 2 与第 3 行是同一项目"),
        ("91.13,优,yes", "91.13,良,yes", "第 4 行“grade”列：序号 2 与第 3 行是同一项目，等级应相同：优 与 良 不一致"),
        (
            "幼儿园经费（经开区）,556.892",
            "幼儿园经费,476.6040",
            "第 4 行“no”列：资金行“2 幼儿园经费 476.6040”与第 3 行重复",
        ),
        ("1,道路", "0,道路", "序号“0”应是从 1 起的整数"),
        ("1,道路", "01,道路", "序号“01”应是从 1 起的整数"),
        ("1,道路", "1.0,道路", "序号“1.0”应是从 1 起的整数"),
        ("1,道路", "1234567,道路", "序号“1234567”应是从 1 起的整数"),
        ("优,yes", "优,是", "“是”不在可填范围：yes、no"),
        ("300,100", "9999999999999,100", "超过上限"),
        ("300,100", "1000000000000,100", "达到或超过上限 1000000000000，应比它小"),
        ("300,100", "300.0000000,100", "小数超过 6 位"),
        ("2,幼儿园经费,476.604", "2,幼儿园经费,999999999999", "第 4 行“funds_wan_yuan”列：序号 2 的资金合计"),
        ("幼儿园经费（经开区）,556.892", "幼儿园 经费,476.604", "与第 3 行重复（只是全角、半角或空格不同）"),
    ],
)
def test_fund_lines_of_one_project_must_agree_and_be_possible(
    write: Write, right: str, wrong: str, message: str
) -> None:
    assert right in PROJECTS
    assert message in refusal(read_projects, write(PROJECTS.replace(right, wrong))).message


def test_lines_of_one_project_need_not_stand_together(write: Write) -> None:
    lines = PROJECTS.splitlines()

    read = read_projects(write("\n".join([lines[0], lines[2], lines[1], lines[3]])))

    assert [line.no for line in read] == [2, 1, 2]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("花溪区,2021", "花溪区,21", "年度“21”应写成 2021 或 2018-2021"),
        ("2020-07-21", "2020-07-32", "不是日期"),
        ("2020-07-21", "20200721", "不是日期"),
        ("9299,万元", "9千,万元", "不是数字"),
        ("江汉区,2018-2021,督促整改完善管理制度,60", "花溪区,2021,重点项目评价涉及资金总额（原文）,9298", "重复"),
    ],
)
def test_unsound_published_figures_are_refused(write: Write, right: str, wrong: str, message: str) -> None:
    assert message in refusal(read_published, write(PUBLISHED.replace(right, wrong))).message


def test_a_file_of_100_megabytes_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "大.csv"
    path.touch()
    os.truncate(path, 100 * 1024 * 1024)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("读取了过大的文件"))

    error = refusal(read_departments, path)

    assert error.message == "文件“大.csv”没有读入。文件有 100.0 MB，超过上限 20 MB，没有读取；请拆分或核对文件。"


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "找不到这个文件" in refusal(read_departments, tmp_path / "无.csv").message
    assert "不是普通文件" in refusal(read_departments, tmp_path).message


def test_too_many_rows_are_refused(write: Write) -> None:
    assert (
        "超过 100000 行"
        in refusal(read_departments, write("agency,unit,score,grade\n" + "a\n" * (MOST_ROWS + 1))).message
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_never_an_accident(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "任意.csv"
    for start in (b"", b"agency,unit,score,grade\n"):
        path.write_bytes(start + content)
        with suppress(InputRefused):
            read_departments(path)
