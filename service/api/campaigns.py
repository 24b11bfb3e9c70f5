"""``/campaigns``: the rounds of handing in, their dates, forms due and rules."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from forms.illegal import illegal_characters
from service.api.context import answer_json, json_body, runtime
from service.api.errors import BadRequestError
from service.api.operation import JSON, Operation
from service.api.review import flag, version
from service.operations.campaigns import (
    LONGEST_TITLE,
    CampaignAsked,
    campaign_of,
    campaigns_of,
    change,
    due_from_plain,
    new_campaign,
)

blueprint = Blueprint("campaigns", __name__)
TEXTS = ("title", "self_check_on", "hand_in_by", "state")
KEYS = (*TEXTS, "year", "forms_due", "packs", "current")
MOST_PACKS = 20


@blueprint.get("/campaigns")
def show_campaigns() -> Response:
    """Every campaign, the latest year first."""
    found = campaigns_of(runtime())
    current = next((item["id"] for item in found if item["current"]), None)
    return answer_json({"current": current, "campaigns": found})


@blueprint.post("/campaigns")
def add_campaign() -> Response:
    """A new campaign; what is not said is as the plan has it."""
    return answer_json(new_campaign(runtime(), _asked(json_body(*KEYS))), 201)


@blueprint.get("/campaigns/<uuid:identity>")
def show_campaign(identity: object) -> Response:
    """One campaign."""
    found = campaign_of(runtime(), str(identity))
    return answer_json(found, ETag=f'"{found["version"]}"')


@blueprint.patch("/campaigns/<uuid:identity>")
def change_campaign(identity: object) -> Response:
    """Other dates, forms due or rules; closed, opened, or made the current one."""
    body = json_body(*KEYS, "version")
    changed = change(runtime(), str(identity), _asked(body, version(body)))
    return answer_json(changed, ETag=f'"{changed["version"]}"')


def _asked(body: dict[str, object], seen: int | None = None) -> CampaignAsked:
    texts = {name: _text(body, name) for name in TEXTS if name in body}
    year, packs = body.get("year"), body.get("packs")
    if year is not None and (isinstance(year, bool) or not isinstance(year, int)):
        raise BadRequestError(name="year", reason_zh="应为整数", reason_en="a whole number is needed")
    if packs is not None and not (isinstance(packs, list) and all(isinstance(item, str) for item in packs)):
        raise BadRequestError(name="packs", reason_zh="应为列表", reason_en="a list of texts is needed")
    due = due_from_plain(body["forms_due"], runtime().catalogue) if "forms_due" in body else None
    current = flag(body, "current", default=False) if "current" in body else None
    chosen = frozenset(packs[:MOST_PACKS]) if packs is not None else None
    return CampaignAsked(year, due=due, packs=chosen, current=current, version=seen, **texts)


def _text(body: dict[str, object], name: str) -> str:
    value = body[name]
    if not isinstance(value, str) or len(value) > LONGEST_TITLE or illegal_characters(value):
        reason = f"应为不超过 {LONGEST_TITLE} 字的文本"
        raise BadRequestError(name=name, reason_zh=reason, reason_en=f"a text of at most {LONGEST_TITLE} characters")
    return value.strip()


_CAMPAIGN: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "year": {"type": "integer"},
        "title": {"type": "string"},
        "self_check_on": {"type": "string"},
        "hand_in_by": {"type": "string"},
        "forms_due": {"type": "object"},
        "packs": {"type": "array", "items": {"type": "string"}},
        "state": {"enum": ["open", "closed"]},
        "current": {"type": "boolean"},
    },
}
_CHANGE: dict[str, Any] = {
    **_CAMPAIGN,
    "properties": {**_CAMPAIGN["properties"], "version": {"type": "integer", "minimum": 0}},
}
_ID = ("id", "path", "string", "批次编号")
_SEEN = ("If-Match", "header", "string", "所看到的版本,同 version")

CAMPAIGN_OPERATIONS: tuple[Operation, ...] = (
    Operation("listCampaigns", "get", "/campaigns", "工作批次,最近的在前", (("200", JSON, "campaigns 和 current"),)),
    Operation(
        "addCampaign",
        "post",
        "/campaigns",
        "新建工作批次;未写明的按方案:7月20日自查、8月31日报送",
        (("201", JSON, "批次"),),
        ("404", "422"),
        (),
        (JSON, _CAMPAIGN),
    ),
    Operation("showCampaign", "get", "/campaigns/{id}", "一个工作批次", (("200", JSON, "批次"),), ("404",), (_ID,)),
    Operation(
        "changeCampaign",
        "patch",
        "/campaigns/{id}",
        "改日期、应报的表、规则包;结束、重新打开,或设为当前批次",
        (("200", JSON, "批次"),),
        ("404", "412", "422"),
        (_ID, _SEEN),
        (JSON, _CHANGE),
    ),
)
