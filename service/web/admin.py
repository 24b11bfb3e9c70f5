"""Administration in one place: an overview of what its reader may look after, and the left list of those pages."""

from __future__ import annotations

from flask import render_template

from service.web.blueprints import page_blueprint
from service.web.navigation import MORE, shown

blueprint = page_blueprint("admin_pages", __name__)
TOLD = {
    "/units": "单位、别名、隶属关系；用表格导入。",
    "/accounts": "谁能登录、是什么角色、属于哪个单位。",
    "/approvals": "须第二人批准的申请。",
    "/campaigns": "年度、截止日、谁该报什么、用哪些规则。",
    "/rules": "每条规则查什么、出自哪一条。",
    "/editions": "官方空白表换版：先看预览，再启用。",
    "/jobs": "读取、生成等任务的状态；取消、重试。",
    "/quarantine": "含宏、带毒、损坏的来件，为什么没有收。",
    "/audit": "谁在什么时候做了什么；核对有没有被改动。",
    "/health": "薄弱之处、备份、各组成的版本。",
    "/api/docs": "给其他程序用的接口。",
}
"""What each page is for."""


@blueprint.get("/admin")
def show_admin() -> str:
    """What the caller may look after."""
    return render_template("admin_home.html", told=TOLD, entries=shown(MORE))
