"""How packs are laid over the nation, versioned, stored and refused."""

from datetime import date

import pytest

from engine.policies import Policies, UnknownDecision, UnknownJurisdiction, UnsoundTables, load_policies
from engine.policies.load import policy_files
from tests.unit.policies.tables import dmn

PACK = """
name = "huaxi"
title = "花溪区"
fiscal_years = [2021]
calendar = "national"
revised_on = 2022-01-01
[[sources]]
id = "HX"
title = "报告"
checked_on = 2022-01-01
"""


def files(pack=PACK, **tables):
    return {"policies/huaxi/pack.toml": pack.encode()} | {
        name.replace("__", "/") + ".dmn": content for name, content in tables.items()
    }


def graded(*rows):
    return dmn("grade", [((cell, "-"), (f'"{grade}"',)) for cell, grade in rows])


NATIONAL_GRADE = graded((">= 90", "优"), ("[60..90)", "中"), ("< 60", "差"))
OWN_GRADE = graded((">= 95", "优"))


def test_a_jurisdictions_table_takes_the_place_of_the_national_one_as_a_whole():
    policies = Policies.from_files(files(decisions__grade=NATIONAL_GRADE, policies__huaxi__grade=OWN_GRADE))

    decide = policies.of("huaxi").decide

    assert decide("grade", {"score": 95}).outputs == {"grade": "优"}
    assert decide("grade", {"score": 90}).undefined


def test_a_decision_without_a_table_of_its_own_is_decided_nationally():
    decision = Policies.from_files(files(decisions__grade=NATIONAL_GRADE)).of("huaxi").decide("grade", {"score": 90})

    assert (decision.outputs, decision.layer, decision.table) == ({"grade": "优"}, "national", "decisions/grade.dmn")


def test_a_city_lends_its_districts_no_table(policies):
    assert policies.of("conghua").parent == "guangzhou"
    assert policies.of("conghua").table("target_quality").layer == "national"


def test_a_stored_version_reads_back_into_the_same_policy(policies):
    for name in policies.names():
        policy = policies.of(name)
        again = Policies.from_files(policy.to_files()).of(name)
        assert again.hash == policy.hash
        assert {table: again.tables[table].layer for table in again.tables} == {
            table: policy.tables[table].layer for table in policy.tables
        }


def test_the_hash_follows_the_files_in_effect_and_nothing_else(policies, bpmn):
    everything = policy_files(bpmn)
    changed = Policies.from_files(
        everything
        | {
            "decisions/grade.dmn": everything["decisions/grade.dmn"]
            .replace(b"60..80", b"65..80")
            .replace(b"&lt; 60", b"&lt; 65")
        }
    )

    assert changed.of("huaxi").hash == policies.of("huaxi").hash
    assert changed.of("jianghan").hash != policies.of("jianghan").hash
    assert len({policies.of(name).hash for name in policies.names()}) == len(policies.names())


def test_a_pack_tells_who_it_is_and_what_it_rests_on(policies):
    policy = policies.of("jianghan")

    assert (policy.title, policy.parent, policy.pack.parent_title) == ("江汉区", None, "武汉市")
    assert "江财〔2021〕49号" in {source.number for source in policy.sources}
    assert policy.pack.revised_on >= date(2022, 1, 1)


def test_an_unknown_jurisdiction_or_decision_is_refused_with_those_there_are(policies):
    with pytest.raises(UnknownJurisdiction, match="花溪区"):
        policies.of("tianhe")
    with pytest.raises(UnknownDecision, match="quota_cut"):
        policies.of("huaxi").decide("grades", {})


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('name = "huaxi"', 'name = "haicang"', "与文件夹不同"),
        ('name = "huaxi"', 'name = "Hua Xi"', "小写字母"),
        ('title = "花溪区"', "", "“title”：必须填写"),
        ("[2021]", '["2021"]', "类型不对"),
        ("[2021]", "[21]", "2015到2100"),
        ("[2021]", "[]", "不能为空"),
        ("revised_on = 2022-01-01", 'revised_on = "2022-01-01"', "不带引号的日期"),
        ("revised_on = 2022-01-01", "revised_on = 2022-01-01T00:00:00", "不带引号的日期"),
        ('calendar = "national"', 'calendar = "national"\nthreshold = 50', "不认识的项目"),
        ('id = "HX"', "", "id：必须填写"),
        ('title = "报告"', "", "title：必须填写"),
        ("checked_on = 2022-01-01", "", "checked_on：必须填写"),
        ('name = "huaxi"', "", "“name”：必须填写"),
        ("fiscal_years = [2021]", "", "“fiscal_years”：必须填写"),
        ('calendar = "national"', "", "“calendar”：必须填写"),
        ("revised_on = 2022-01-01", "", "“revised_on”：必须填写"),
        (PACK[PACK.index("[[sources]]") :], "", "“sources”：必须填写"),
        ("[2021]", "[2014]", "2015到2100"),
        ("[2021]", "[2101]", "2015到2100"),
        ('id = "HX"', 'id = "HX', "TOML"),
    ],
)
def test_a_pack_with_a_fault_is_refused_by_file_and_field(before, after, said):
    with pytest.raises(UnsoundTables) as refused:
        Policies.from_files(files(PACK.replace(before, after, 1)))

    assert said in refused.value.message
    assert refused.value.facts["findings"][0].file == "policies/huaxi/pack.toml"


def test_a_pack_holds_for_the_first_and_the_last_year_it_may_name():
    pack = PACK.replace("[2021]", "[2015, 2100]")

    assert Policies.from_files(files(pack)).of("huaxi").pack.fiscal_years == (2015, 2100)


def test_of_several_faults_the_first_is_told_and_all_are_kept():
    pack = PACK.replace('title = "花溪区"', "").replace('calendar = "national"', "")

    with pytest.raises(UnsoundTables, match="有2处错误") as refused:
        Policies.from_files(files(pack))

    first, second = refused.value.facts["findings"]
    assert first.message != second.message
    assert first.message in refused.value.message
    assert second.message not in refused.value.message


def test_a_pack_that_is_not_utf8_is_refused():
    with pytest.raises(UnsoundTables, match="UTF-8") as refused:
        Policies.from_files({"policies/huaxi/pack.toml": PACK.encode("gbk")})

    assert [finding.line for finding in refused.value.facts["findings"]] == [1]


@pytest.mark.parametrize(
    "place", ["policies/huaxi/notes.txt", "decisions/pack.toml", "grade.dmn", "policies/huaxi/x/grade.dmn"]
)
def test_a_file_out_of_place_is_refused(place):
    with pytest.raises(UnsoundTables, match="这里不该有这个文件"):
        Policies.from_files(files() | {place: b""})


def test_a_table_in_a_file_of_another_name_is_refused():
    with pytest.raises(UnsoundTables, match="文件名与决策名不同"):
        Policies.from_files(files(decisions__quota_cut=NATIONAL_GRADE))


@pytest.fixture
def copied(bpmn, tmp_path):
    for name, content in policy_files(bpmn).items():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return tmp_path


def test_a_folder_without_a_national_table_for_a_decision_is_refused(copied):
    (copied / "decisions" / "grade.dmn").unlink()

    with pytest.raises(UnsoundTables, match="缺少国家层面的表"):
        load_policies(copied)


def test_a_jurisdiction_without_pack_toml_is_refused(copied):
    (copied / "policies" / "huaxi" / "pack.toml").unlink()

    with pytest.raises(UnsoundTables, match=r"缺少pack\.toml"):
        load_policies(copied)


def test_a_parent_that_is_not_there_is_refused(copied):
    pack = copied / "policies" / "conghua" / "pack.toml"
    pack.write_text(
        pack.read_text(encoding="utf-8").replace('parent = "guangzhou"', 'parent = "foshan"'), encoding="utf-8"
    )

    with pytest.raises(UnsoundTables, match="foshan"):
        load_policies(copied)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(UnsoundTables, match="缺少国家层面的表"):
        load_policies(tmp_path)
