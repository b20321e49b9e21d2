"""帮助: what each page of one's menu is for, what signs mean, what to do when stuck, and whom to ask."""

from typing import Any

from flask import Blueprint, render_template

from engine.queries.administrators import administrators
from web.pages.shell import menu_of
from web.visits import Arrival, own_affairs, seated

page = Blueprint("guide", __name__)

ABOUT = {
    "我的待办": "轮到您办的事，逾期的在前；报送过的、办结的、抄送给您的也在这里。",
    "本单位全部": "本单位所有的待办：谁手上几件、哪些逾期，可以催办、转办。",
    "审核队列": "等您审核的报送件，一件接一件：看改动，写意见，通过或退回修改。",
    "工作部署": "打开一个阶段：选单位、定期限，看办到哪里，催办。",
    "抽样": "自评复核、重点评价抽哪些：名单先冻结，两人各填种子，抽完谁都能复算。",
    "评价计划": "一年评价哪些对象、由谁组织。",
    "案卷": "每个项目、部门一年一份案卷：到了哪个阶段，经过、文书、得分、期限。",
    "驾驶舱": "一年的五个数、卡在哪个阶段、该催谁。",
    "运行监控": "监控表和红黄绿灯，对落后的作处置。",
    "反馈意见函": "评价结果的反馈意见函：起草、签发、签收、收回。",
    "整改台账": "要整改的问题：谁负责、到哪天、做到哪里、核验没有。",
    "结果应用清单": "评价结果对预算的影响：怎么算出来、征求意见、定稿。",
    "公开事项": "哪些结果该公开、还缺哪一步、已公开在哪里。",
    "政策规则": "本区用的决策表：每一行的依据和签核状态。",
    "指标库": "可以选用的绩效指标，共性的和本部门的。",
    "第三方机构": "委托第三方机构的评价办到哪里。",
    "我的考核": "财政部门对本机构的质量考核。",
    "组织与人员": "单位、人员和岗位。",
    "代理备案": "全区的委托代理。",
    "会话与锁定": "谁登录着；解除锁定，结束会话。",
    "工作日历": "哪天放假、哪天调休上班；期限都按它算。",
    "运行状况": "期限、异常、案卷的数目。",
    "异常": "自动步骤没有走通的案卷，重试或代办。",
    "期限队列": "快到期和已到期的期限。",
    "流程": "流程图各版和在办件数，迁移试运行。",
    "审计记录": "登录、授权和办理的记录，只读。",
    "完整性校验": "校验办理记录有没有被改动。",
    "查阅记录": "人大、审计看过什么。",
    "代理设置": "您不在的时候由谁代理。",
}
"""Entry of the menu → what one finds there."""


@page.get("/help")
@own_affairs
def mine(arrival: Arrival) -> Any:
    """For whoever has signed in; the pages of their own menu and the people of their own place where they have one."""
    visit = seated(arrival)
    pages = [entry | {"about": ABOUT[entry["name"]]} for entry in menu_of(visit.actor)] if visit else []
    people = administrators(visit.session, visit.actor) if visit else {}
    return render_template("guide.html", arrival=arrival, visit=visit, pages=pages, people=people)
