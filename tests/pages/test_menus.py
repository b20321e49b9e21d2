"""The menu of each office: what it finds there, in which order, and on which page it begins."""

import pytest

from engine.moves.permissions import READS
from engine.words import Role
from web.pages.shell import MENUS

FOUND = {
    Role.UNIT_CLERK: "我的待办 本单位案卷 整改台账 指标库 政策规则",
    Role.UNIT_HEAD: "我的待办 本单位全部 本单位案卷 整改台账 代理设置 政策规则",
    Role.DEPARTMENT: "我的待办 审核队列 本单位全部 本单位案卷 整改台账 代理设置 政策规则",
    Role.PERFORMANCE_OFFICE: "我的待办 审核队列 工作部署 抽样 评价计划 ‖ 案卷 驾驶舱 运行监控 ‖ "
    "反馈意见函 整改台账 结果应用清单 公开事项 ‖ 政策规则 指标库 第三方机构",
    Role.FINANCE_DIVISION: "审核队列 我的待办 案卷 运行监控 结果应用清单 政策规则 抽样",
    Role.BUREAU_LEADER: "驾驶舱 我的待办 案卷 政策规则 抽样",
    Role.AGENCY: "我的项目 我的考核 我的待办 案卷",
    Role.OBSERVER: "案卷 驾驶舱 公开事项 抽样",
    Role.POLICY_OWNER: "决策表 流程",
    Role.SYSTEM_ADMIN: "组织与人员 工作日历 流程",
    Role.SECURITY_ADMIN: "角色与授权 代理备案 会话与锁定",
    Role.AUDIT_ADMIN: "审计记录 完整性校验 查阅记录",
    Role.OPERATOR: "运行状况 异常 期限队列 流程",
}


@pytest.mark.parametrize("role", Role)
def test_an_office_finds_its_menu_in_the_order_of_its_work(role: Role) -> None:
    groups = [[entry.called.get(role, entry.label) for entry in group] for group in MENUS[role]]

    assert " ‖ ".join(" ".join(group) for group in groups) == FOUND[role]


@pytest.mark.parametrize("role", Role)
def test_no_menu_names_a_page_that_is_closed_to_its_office(role: Role) -> None:
    entries = [entry for group in MENUS[role] for entry in group]

    assert [entry.label for entry in entries if role not in READS[entry.permission].offices] == []
