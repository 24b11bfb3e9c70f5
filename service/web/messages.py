"""One sentence after something was done: the page that follows says so.

A view redirects to an address with ``done=<key>``; the page shows the sentence of that key. Nothing is kept for it in
the browser, and nobody can put words of their own on a page by a link: only the sentences here are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request

blueprint = Blueprint("messages", __name__)

DONE: Mapping[str, str] = {
    "handed-in": "已上报：按网页里填的内容生成了表并存好，正在读取核对。纸质表仍须签字盖章后报送。",
    "saved": "已保存。",
    "submitted": "已报送，等主管部门和区里审核。要补正的会退回，首页会列出来并附补正通知书；接收后这里显示“已接收”。",
    "discarded": "草稿已清空。",
    "accepted": "已接收，内容已记入记录库。",
    "returned": "已退回，补正通知书已生成，可以下载。",
    "deleted": "已删除，只留编号、单位、状态和经过。",
    "transferred": "已移交。",
    "cancelled": "已取消。原件都还在。",
    "requested": "申请已提出，等第二人批准。",
    "added": "已添加。",
    "changed": "已改好。",
    "started": "已开始，完成后会显示在这里。",
    "all-reviewed": "没有等待核对的文件了。",
    "first-account": "第一个管理员已建立。请用刚才的用户名和密码登录。",
    "password-set": "密码已设置。请用自己的用户名和这个密码登录。",
    "signed-out": "已退出登录。",
}
"""Sentences by key. Whoever adds an act adds its sentence."""


@blueprint.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {"done": DONE.get(request.args.get("done", ""), "")}
