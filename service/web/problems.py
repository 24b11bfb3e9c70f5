"""Pages that say what went wrong and what to do: for addresses that no page has, and for faults before a page began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, render_template, request

from forms.errors import FormServiceError
from service.problems import OUTCOMES, outcome_of, problem_body

blueprint = Blueprint("problem_pages", __name__, template_folder="templates")
NOT_PAGES = ("/api/", "/healthz", "/readyz", "/metrics", "/static/")


@dataclass(frozen=True, slots=True)
class Advice:
    """What a page says over a fault: a title, what to do, and an icon; faults of the program tell the request's number.

    Where nothing is found, no number stands: two such answers are not to be told apart.
    """

    title: str
    what: str
    icon: str = "exclamation-triangle"

    @property
    def tells_number(self) -> bool:
        """Whether somebody will look for the request in the log."""
        return "编号" in self.what


ADVICE: dict[int, Advice] = {
    401: Advice("请先登录", "登录后会回到刚才的页面。", "box-arrow-in-right"),
    403: Advice("没有这项权限", "您的角色不能办理这件事。需要办理的，请联系系统管理员，或请有权限的同事办理。", "lock"),
    404: Advice("没有找到", "网址可能写错了，内容可能已删除，或者不在您能看的范围内。请从首页重新进入。", "search"),
    409: Advice("现在不能这样做", "别人可能已经先办了。请返回上一页，刷新后看现在的状态。", "arrow-repeat"),
    412: Advice("内容已经变了", "别人刚改过。请返回上一页，刷新后再改。", "arrow-repeat"),
    413: Advice("内容太大", "请分成几次上传，或降低扫描分辨率、压缩图片后再传。", "file-earmark-x"),
    415: Advice("文件读不了", "请用原来的程序另存为 Word、Excel 或 PDF 后再传。", "file-earmark-x"),
    422: Advice("有内容要改", "请返回上一页，按上面的说明改好后再提交；已填的内容还在。", "pencil-square"),
    428: Advice("请先刷新", "请返回上一页，刷新后看现在的内容再改。", "arrow-repeat"),
    429: Advice("操作太频繁", "请稍等几分钟再试。", "hourglass-split"),
    500: Advice("程序出了错", "已经记在日志里。请稍后再试；还是不行，请把下面的编号告诉管理员。", "bug"),
    502: Advice("处理没有成功", "原件都还在。请稍后再试；还是不行，请把下面的编号告诉管理员。", "bug"),
    503: Advice("服务器正忙", "内容没有丢。请过几秒钟再试。", "hourglass-split"),
    507: Advice("磁盘满了", "没有收下新的内容，已收的都还在。请通知系统管理员清理磁盘。", "hdd"),
}
USUAL = Advice("这一步没有完成", "请返回上一页再试。")


@blueprint.app_template_global()
def advice_on(code: str) -> Advice:
    """What is said over a fault of that code."""
    return ADVICE.get(OUTCOMES[code].status, USUAL) if code in OUTCOMES else USUAL


@blueprint.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {"request_id": lambda: g.get("request_id", "")}


def is_page_asked() -> bool:
    """Whether a person looks at the answer: a browser asks for HTML, and not for a part of the API."""
    return not request.path.startswith(NOT_PAGES) and "text/html" in request.headers.get("Accept", "")


def problem_page(fault: FormServiceError) -> tuple[str, int]:
    """The fault as a page."""
    return render_template("problem.html", problem=problem_body(fault)), outcome_of(fault).status
