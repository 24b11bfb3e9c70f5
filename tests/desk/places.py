"""Every page of the program, where it is looked at; a route that is no page says why."""

from __future__ import annotations

from dataclasses import dataclass

from service.access.matrix import MATRIX, Role
from service.access.routes import ROUTES


@dataclass(frozen=True, slots=True)
class Place:
    """A page: name of its pictures, route, and address with words of the desk in braces.

    ``seen_as`` is as whom the picture is taken, where that role may see the page.
    """

    name: str
    route: str
    address: str
    seen_as: Role = Role.HR

    @property
    def roles(self) -> tuple[Role | None, ...]:
        """Who may call its route, first as whom it is seen; nobody in particular where it is public."""
        guard = ROUTES[self.route]
        if guard.public:
            return (None,)
        found = [role for role in Role if any(MATRIX[action][role].is_given for action in guard.actions)]
        return tuple(sorted(found, key=lambda role: role is not self.seen_as))


DAY = "day={day}"
PLACES: tuple[Place, ...] = (
    Place("sign-in", "sign_in_pages.ask", "/sign-in"),
    Place("password-link", "sign_in_pages.ask_link", "/password-link"),
    Place("first-account", "sign_in_pages.ask_first", "/first-account"),
    Place("account", "account_pages.show", "/account"),
    Place("step-up", "account_pages.ask_step_up", "/account/step-up"),
    Place("home", "home_pages.home", "/", seen_as=Role.LIAISON),
    Place("home-department", "home_pages.home", "/", seen_as=Role.DEPARTMENT),
    Place("home-district", "home_pages.home", "/"),
    Place("home-auditor", "home_pages.home", "/", seen_as=Role.AUDITOR),
    Place("upload", "upload_pages.ask", "/upload"),
    Place("documents", "upload_pages.list_documents", "/documents"),
    Place("review", "review_desk_pages.show_queue", "/review"),
    Place("review-kind", "review_desk_pages.show_kind", "/review/kinds/choice"),
    Place("review-kind-done", "review_desk_pages.show_kind", "/review/kinds/phone"),
    Place("review-desk-unsure", "review_desk_pages.show_desk", "/review/{unsure}"),
    Place("review-desk", "review_desk_pages.show_desk", "/review/{document}"),
    Place(
        "review-desk-hand",
        "review_desk_pages.show_desk",
        "/review/{document}?at=documents[0].records[0].id_number",
    ),
    Place("review-return", "review_desk_pages.ask_return", "/review/{document}/return"),
    Place("ledgers", "ledger_pages.list_ledgers", "/ledgers"),
    Place("ledger", "ledger_pages.show_ledger", "/ledgers/{ledger}"),
    Place("forms", "form_pages.list_forms", "/forms"),
    Place("fill", "form_pages.show_fill", "/forms/attachment-4/fill"),
    Place("fill-roster", "form_pages.show_fill", "/forms/attachment-2/fill"),
    Place("form", "pages.show_form", "/forms/attachment-4"),
    Place("import", "pages.ask_import", "/forms/attachment-2/import"),
    Place("document", "pages.show_document", "/documents/{document}"),
    Place("document-roster", "pages.show_document", "/documents/{roster}"),
    Place("edit", "review_pages.edit", "/documents/{document}/edit?item=0&part=0"),
    Place("edit-marks", "review_pages.edit", "/documents/{document}/edit?item=0&part=marks"),
    Place("edit-new-row", "review_pages.edit", "/documents/{roster}/edit?item=0&part=new"),
    Place(
        "history-value",
        "review_pages.show_history",
        "/documents/{unsure}/history?path=documents[0].records[1].education",
    ),
    Place("history", "review_pages.show_history", "/documents/{accepted}/history"),
    Place("records", "record_pages.show_records", "/records?limit=15"),
    Place("records-none", "record_pages.show_records", "/records?name=查无此人"),
    Place("record", "record_pages.show_record", "/records/{accepted}/0/0"),
    Place("findings", "record_pages.show_findings", "/findings?limit=15"),
    Place("findings-across", "across_pages.show_across", "/findings/across"),
    Place("progress", "progress_pages.show_progress", f"/progress?{DAY}"),
    Place("progress-unit", "progress_pages.show_unit", f"/progress/units/{{unit}}?{DAY}"),
    Place("progress-charts", "progress_pages.show_charts", f"/progress/charts?{DAY}"),
    Place("reminders", "progress_pages.show_list", f"/progress/reminders/ending?{DAY}&days=400"),
    Place("consolidation", "consolidation_pages.show_consolidation", "/consolidation?unit={department_name}"),
    Place("packs", "pack_pages.show_packs", "/packs?unit={unit_name}"),
    Place("pack", "pack_pages.show_pack", "/packs/{pack}"),
    Place("admin", "admin_pages.show_admin", "/admin"),
    Place("units", "unit_pages.show_units", "/units"),
    Place("units-import", "unit_pages.ask_import", "/units/import", seen_as=Role.SYSTEM),
    Place("accounts", "account_pages.list_accounts", "/accounts", seen_as=Role.SYSTEM),
    Place("account-of", "account_pages.show_account", "/accounts/{account}", seen_as=Role.SYSTEM),
    Place("approvals", "account_pages.list_approvals", "/approvals"),
    Place("campaigns", "campaign_pages.show_campaigns", "/campaigns", seen_as=Role.SYSTEM),
    Place("rules", "rule_pages.show_rules", "/rules"),
    Place("editions", "edition_pages.show_editions", "/editions", seen_as=Role.TEMPLATES),
    Place("edition", "edition_pages.show_proposal", "/forms/attachment-4/editions/r2"),
    Place("jobs", "job_pages.show_jobs", "/jobs?group=all"),
    Place("jobs-undone", "job_pages.show_jobs", "/jobs?group=undone"),
    Place("quarantine", "quarantine_pages.show_quarantine", "/quarantine"),
    Place("audit", "audit_pages.show_audit", "/audit?action=upload"),
    Place("health", "health_pages.show_health", "/health"),
    Place("api-docs", "pages.api_docs", "/api/docs"),
    Place("help", "help_pages.show_help", "/help"),
    Place("help-progress", "help_pages.show_chapter", "/help/progress"),
    Place("problem", "pages.show_document", "/documents/00000000-0000-4000-8000-0000000000ff"),
)
NO_PAGES = {
    "assets.vendor_file": "a file of a page",
    "assets.own_file": "a file of a page",
    "assets.static_file": "a file of a page",
    "help_pages.show_picture": "a picture of a page",
    "account_pages.draw_code": "a picture of a page",
    "pages.download_blank": "a download",
    "pages.download_marked": "a download",
    "pages.download_filled": "a download",
    "audit_pages.download_audit": "a download",
    "form_pages.edit_import": "the page to fill in, with the rows of an import",
    "upload_pages.show_lines": "a part of the page of uploads",
    "review_desk_pages.go_on": "leads on to the next document",
    "ledger_pages.show_rows": "a part of the page of a ledger",
    "progress_pages.show_lists": "leads on to the first list",
    "edition_pages.show_making": "looked at by the tests of editions",
    "health.alive": "for machines",
    "health.ready": "for machines",
    "health.metrics": "for machines",
    "sign_in_pages.ask_code": "looked at in test_ways, where a second factor is owed",
    "account_pages.show_second_factor": "looked at in test_ways: its code is new each time",
    "progress_pages.show_letters": "looked at in test_ways, where letters are made",
}
"""Routes that answer a GET outside of the API and are not in the list above."""
