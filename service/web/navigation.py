"""The way around: which pages stand in the head of every page, for whom.

An entry names the route it leads to. Who may call that route (:mod:`service.access.routes`) sees the entry; nobody else
does, and an entry whose route does not exist is nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, request, url_for

from service.access.principal import Principal, known_principal
from service.access.routes import ROUTES

blueprint = Blueprint("navigation", __name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: its route, its name, its icon (of Bootstrap Icons), and the start of the paths that belong to it."""

    route: str
    label: str
    icon: str
    under: tuple[str, ...] = ()


MAIN: tuple[Entry, ...] = (
    Entry("home_pages.home", "首页", "house"),
    Entry("form_pages.list_forms", "表格", "file-earmark-text", ("/forms",)),
    Entry("upload_pages.ask", "上传", "upload", ("/upload",)),
    Entry("upload_pages.list_documents", "收到的表", "inbox", ("/documents",)),
    Entry("review_desk_pages.show_queue", "核对", "check2-square", ("/review", "/ledgers")),
    Entry("progress_pages.show_progress", "进度", "bar-chart", ("/progress",)),
    Entry("record_pages.show_records", "人员记录", "people", ("/records",)),
    Entry("record_pages.show_findings", "问题清单", "exclamation-triangle", ("/findings", "/across")),
    Entry("consolidation_pages.show_consolidation", "汇总", "table", ("/consolidation",)),
    Entry("pack_pages.show_packs", "报送包", "box-seam", ("/packs",)),
)
"""What is used all day."""

MORE: tuple[Entry, ...] = (
    Entry("campaign_pages.show_campaigns", "工作批次", "calendar-event", ("/campaigns",)),
    Entry("unit_pages.show_units", "单位名录", "diagram-3", ("/units",)),
    Entry("edition_pages.show_editions", "表的版本", "files", ("/editions",)),
    Entry("rule_pages.show_rules", "核对规则", "journal-check", ("/rules",)),
    Entry("account_pages.list_accounts", "账号", "person-gear", ("/accounts",)),
    Entry("account_pages.list_approvals", "批准", "check2-all", ("/approvals",)),
    Entry("job_pages.show_jobs", "后台任务", "gear", ("/jobs",)),
    Entry("quarantine_pages.show_quarantine", "被拒的文件", "shield-exclamation", ("/quarantine",)),
    Entry("audit_pages.show_audit", "审计", "shield-check", ("/audit",)),
    Entry("health_pages.show_health", "运行状况", "heart-pulse", ("/health",)),
    Entry("pages.api_docs", "接口说明", "braces", ("/api/docs",)),
)
"""What is looked after now and then."""

EDITIONS = "/editions"
HELP = Entry("help_pages.show_help", "帮助", "question-circle", ("/help",))


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a page shows it; ``is_here`` where the page is the entry's own or belongs to it."""

    label: str
    icon: str
    address: str
    is_here: bool


def shown(entries: tuple[Entry, ...]) -> list[Shown]:
    """The entries that the caller may follow."""
    principal = known_principal()
    if principal is None or principal.owes is not None:
        return []
    return [_shown(entry) for entry in entries if _is_open(entry, principal)]


def _is_open(entry: Entry, principal: Principal) -> bool:
    if entry.route not in current_app.view_functions:
        return False
    guard = ROUTES[entry.route]
    return guard.public or any(principal.right(action).is_given for action in guard.actions)


def _shown(entry: Entry) -> Shown:
    address = url_for(entry.route)
    return Shown(entry.label, entry.icon, address, _is_here(entry, address))


def _is_here(entry: Entry, address: str) -> bool:
    here = request.path
    if EDITIONS in here:  # editions stand below their form, and are looked after where all of them are
        return entry.route == "edition_pages.show_editions"
    return here == address or here.startswith(entry.under or ("\0",))


@blueprint.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {"nav_main": lambda: shown(MAIN), "nav_more": lambda: shown(MORE), "nav_help": lambda: shown((HELP,))}
