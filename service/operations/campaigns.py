"""Campaigns: which year, by when, which forms each kind of unit owes, and which rules are in force.

While any campaign is open, exactly one of the open ones is current: what is uploaded without naming a campaign belongs
to it. The first one is made with the plan's own dates when the first file arrives (docs/campaigns.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from forms.catalogue import Catalogue
from forms.errors import FormServiceError
from forms.rules.registry import RULES
from service.operations.campaign_checks import check_campaign_later
from service.operations.units import office_day
from service.runtime import Runtime
from service.settings import Settings
from service.store.campaigns import (
    Campaign,
    Due,
    add_campaign,
    all_campaigns,
    change_campaign,
    current_campaign,
    find_campaign,
    make_current,
)
from service.store.errors import NotFoundError
from service.store.units import UnitKind

PACKS = frozenset(rule.pack for rule in RULES)
ALWAYS, LOANS = "always", "loans"
"""When a form is owed: in any case, or for each loan of more than a month."""
WHEN = {ALWAYS: "必交", LOANS: "借用超过1个月的逐人交"}
OPEN, CLOSED = "open", "closed"
LABELS = {OPEN: "进行中", CLOSED: "已结束"}
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_TITLE = 100
_ROSTERS = ("attachment-1", "attachment-2", "attachment-3", "attachment-5")
_CHANGEABLE = frozenset({"year", "title", "self_check_on", "hand_in_by", "due", "packs", "state", "current"})


class CampaignInvalidError(FormServiceError):
    """What is said of a campaign cannot be; nothing was changed."""

    code = "campaign-invalid"
    zh = "工作批次的“{what_zh}”不对:{reason_zh}"
    en = "The campaign's {what_en} cannot be taken: {reason_en}"


class CampaignClosedError(FormServiceError):
    """A file for a campaign that has ended, or for none while none is open."""

    code = "campaign-closed"
    zh = "该工作批次已结束,不再收件;如需补交,请先由管理员重新打开"
    en = "That campaign has ended and takes no more files; it must be opened again first"


class CampaignStaleError(FormServiceError):
    """Somebody else has changed the campaign since the caller looked at it; nothing was changed."""

    code = "campaign-stale"
    zh = "别人已改动此工作批次(现在是第 {version} 版),本次未保存;请刷新后再改"
    en = "Somebody has changed the campaign since (it is at version {version}); nothing was saved"


@dataclass(frozen=True, slots=True)
class CampaignAsked:
    """What a person says of a campaign; what is ``None`` stays, or takes the plan's own value in a new one."""

    year: int | None = None
    title: str | None = None
    self_check_on: str | None = None
    hand_in_by: str | None = None
    due: Due | None = None
    packs: frozenset[str] | None = None
    state: str | None = None
    current: bool | None = None
    version: int | None = None


def usual_due() -> dict[str, dict[str, str]]:
    """Who owes what by the plan: every kind of unit the four rosters (方案三(二)2、三(三)3), attachment-4 by loan.

    A headquarters fills no attachment-4: its people are seconded through the organization department (方案三(三)1).
    """
    owed = {kind.value: dict.fromkeys(_ROSTERS, ALWAYS) | {"attachment-4": LOANS} for kind in UnitKind}
    del owed[UnitKind.HEADQUARTERS.value]["attachment-4"]
    return owed


def usual_values(settings: Settings, year: int) -> dict[str, Any]:
    """A campaign of that year as the plan has it: self-check from 20 July, handing in by 31 August."""
    return {
        "year": year,
        "title": f"{year}年借用人员和编外用工专项清理",
        "self_check_on": dt.date(year, 7, 20).isoformat(),
        "hand_in_by": dt.date(year, 8, 31).isoformat(),
        "due": usual_due(),
        "packs": settings.rule_packs & PACKS,
    }


def campaigns_of(runtime: Runtime) -> list[dict[str, Any]]:
    """Every campaign, the latest year first."""
    with runtime.database.transaction() as connection:
        return [campaign_to_plain(item) for item in all_campaigns(connection)]


def campaign_of(runtime: Runtime, identity: str) -> dict[str, Any]:
    """One campaign.

    Raises:
        NotFoundError: there is none of that id.
    """
    with runtime.database.transaction() as connection:
        return campaign_to_plain(_held(connection, identity))


def new_campaign(runtime: Runtime, asked: CampaignAsked) -> dict[str, Any]:
    """Enter a campaign. The first open one becomes current, another where that is asked for.

    Raises:
        CampaignInvalidError: something in it cannot be.
    """
    year = asked.year if asked.year is not None else runtime.settings.year_on(office_day())
    _require_year(year)
    values = usual_values(runtime.settings, year) | _given(asked)
    with runtime.database.transaction() as connection:
        _require_good(values, all_campaigns(connection))
        state, current = values.pop("state", OPEN), values.pop("current", None)
        if current and state == CLOSED:
            raise _invalid("current", "当前批次", "已结束的不能作为当前批次", "a closed one cannot be current")
        identity = add_campaign(connection, values)
        if state == CLOSED:
            change_campaign(connection, identity, {"state": CLOSED})
        elif current or current_campaign(connection) is None:
            make_current(connection, identity)
        return campaign_to_plain(_held(connection, identity))


def change(runtime: Runtime, identity: str, asked: CampaignAsked) -> dict[str, Any]:
    """Change a campaign. When the current one is closed, the latest of the open ones becomes current.

    Another year or other rule packs have its documents checked again, by jobs; ``rechecks`` says how many.

    Raises:
        NotFoundError: there is none of that id.
        CampaignStaleError: ``version`` is not the latest.
        CampaignInvalidError: something in it cannot be.
    """
    with runtime.database.transaction() as connection:
        before = _held(connection, identity)
        if asked.version is not None and asked.version != before.version:
            raise CampaignStaleError(version=before.version)
        values = _given(asked)
        others = [item for item in all_campaigns(connection) if item.id != identity]
        _require_good({**_values(before), **values}, others)
        current = values.pop("current", None)
        _require_sensible_current(before, values.get("state", before.state), current=current)
        if values:
            change_campaign(connection, identity, values)
        if current:
            make_current(connection, identity)
        _keep_one_current(connection)
        after = _held(connection, identity)
        is_other = (after.year, after.packs) != (before.year, before.packs)
        rechecks = check_campaign_later(connection, identity) if is_other else 0
        return {**campaign_to_plain(after), "rechecks": rechecks}


def _require_sensible_current(before: Campaign, state: str, *, current: bool | None) -> None:
    if current and state == CLOSED:
        raise _invalid("current", "当前批次", "已结束的不能作为当前批次", "a closed one cannot be current")
    if current is False and before.current and state == OPEN:
        reason = "请把另一个批次设为当前批次", "make another one current instead"
        raise _invalid("current", "当前批次", *reason)


def _keep_one_current(connection: Connection) -> None:
    if current_campaign(connection) is None:
        latest = next((item for item in all_campaigns(connection) if item.state == OPEN), None)
        if latest is not None:
            make_current(connection, latest.id)


def campaign_for_upload(connection: Connection, settings: Settings, named: str | None) -> Campaign:
    """The campaign that an upload belongs to: the one it names by id, title or year, else the current one.

    Where there is none at all, the first one is made: of the year set, else of this year, with the plan's dates.

    Raises:
        NotFoundError: no campaign, or more than one, is called so.
        CampaignClosedError: it has ended, or all have.
    """
    every = all_campaigns(connection)
    if named:
        found = [item for item in every if named in (item.id, item.title)]
        found = found or [item for item in every if named == str(item.year)]
        if len(found) != 1:
            raise NotFoundError(pointer="campaign")
        if found[0].state == CLOSED:
            raise CampaignClosedError
        return found[0]
    current = next((item for item in every if item.current), None)
    if current is not None:
        return current
    if every:
        raise CampaignClosedError
    identity = add_campaign(connection, usual_values(settings, settings.year_on(office_day())))
    make_current(connection, identity)
    return _held(connection, identity)


def settings_for(connection: Connection, settings: Settings, campaign: str | None) -> Settings:
    """The installation's settings with the year and the rule packs of a document's campaign, if it has one."""
    return with_campaign(settings, find_campaign(connection, campaign) if campaign else None)


def with_campaign(settings: Settings, campaign: Campaign | None) -> Settings:
    """The installation's settings with the year and the rule packs of a campaign."""
    if campaign is None:
        return settings
    return replace(settings, year=campaign.year, packs=",".join(sorted(campaign.packs)))


def campaign_to_plain(item: Campaign) -> dict[str, Any]:
    """A campaign as JSON."""
    return {
        "id": item.id,
        "year": item.year,
        "title": item.title,
        "self_check_on": item.self_check_on,
        "hand_in_by": item.hand_in_by,
        "forms_due": {kind: dict(forms) for kind, forms in item.due.items()},
        "packs": sorted(item.packs),
        "state": item.state,
        "current": item.current,
        "version": item.version,
    }


def due_from_plain(data: object, catalogue: Catalogue) -> Due:
    """``forms_due`` of a request: kind of unit → form → ``always`` or ``loans``; a list of forms is owed always.

    Raises:
        CampaignInvalidError: a kind, a form or a word that nobody knows.
    """
    if not isinstance(data, Mapping):
        raise _invalid("forms_due", "应报的表", "应为 {单位类别: {表: always 或 loans}}", "an object is needed")
    kinds = {kind.value: kind.value for kind in UnitKind}
    due: dict[str, dict[str, str]] = {}
    for kind, owed in data.items():
        if kind not in kinds:
            raise _invalid("forms_due", "应报的表", f"没有“{str(kind)[:20]}”这种单位类别", "unknown kind of unit")
        given = dict.fromkeys(owed, ALWAYS) if isinstance(owed, list) and all(map(_is_text, owed)) else owed
        if not isinstance(given, Mapping) or any(when not in WHEN for when in map(str, given.values())):
            raise _invalid("forms_due", "应报的表", "何时应报写 always 或 loans", "always or loans is needed")
        due[kind] = {catalogue.find(str(form)[:60]).form: str(when) for form, when in given.items()}
    return due


def _is_text(item: object) -> bool:
    return isinstance(item, str)


def _held(connection: Connection, identity: str) -> Campaign:
    found = find_campaign(connection, identity)
    if found is None:
        raise NotFoundError
    return found


def _values(item: Campaign) -> dict[str, Any]:
    return {name: getattr(item, name) for name in _CHANGEABLE}


def _given(asked: CampaignAsked) -> dict[str, Any]:
    given = {name: getattr(asked, name) for name in _CHANGEABLE}
    return {name: value for name, value in given.items() if value is not None}


def _require_good(values: Mapping[str, Any], others: Any) -> None:  # noqa: ANN401  # campaigns of the store
    _require_year(values["year"])
    title = values["title"]
    if not title.strip() or len(title) > LONGEST_TITLE:
        raise _invalid("title", "名称", f"应为 1 至 {LONGEST_TITLE} 字", f"1 to {LONGEST_TITLE} characters")
    if any(item.title == title for item in others):
        raise _invalid("title", "名称", "已有同名的批次", "another one is called so")
    first, last = _day(values, "self_check_on", "自查开始日"), _day(values, "hand_in_by", "报送截止日")
    if first > last:
        raise _invalid("hand_in_by", "报送截止日", "早于自查开始日", "is before the self-check")
    if unknown := values["packs"] - PACKS:
        raise _invalid("packs", "规则包", f"没有 {'、'.join(sorted(unknown))[:60]}", f"known are {sorted(PACKS)}")
    if values.get("state", OPEN) not in LABELS:
        raise _invalid("state", "状态", "应为 open 或 closed", "open or closed is needed")


def _require_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _invalid("year", "年度", f"应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间", "no such year")


def _day(values: Mapping[str, Any], name: str, label: str) -> dt.date:
    try:
        return dt.datetime.strptime(values[name], "%Y-%m-%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError as fault:
        raise _invalid(name, label, "应为 YYYY-MM-DD", "YYYY-MM-DD is needed") from fault


def _invalid(name: str, label: str, zh: str, en: str) -> CampaignInvalidError:
    return CampaignInvalidError(pointer=name, what_zh=label, what_en=name, reason_zh=zh, reason_en=en)
