"""What goes into a unit's pack, from the store: consolidated rosters, approval forms, stamped originals, what lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from forms.consolidating import ConsolidatedForm, Consolidation, UnitNode
from forms.consolidating.tree import UnitTree
from forms.plain import mark_from_plain
from forms.record import Entry, Record
from service.operations.consolidating import consolidate, unit_nodes
from service.operations.packs.asked import OFFICES, Asked, Recipient
from service.operations.packs.contents import APPROVALS, Contents, Lack, PackCard, PackForm, PackScan, lacks_of
from service.operations.packs.findings import errors_of, of_consolidation, open_findings
from service.operations.units import office_day
from service.runtime import Runtime
from service.store.account_tables import belongings
from service.store.campaigns import Campaign, all_campaigns, find_campaign
from service.store.consolidating import AcceptedHead, StoredEntry, accepted_heads, people_of
from service.store.errors import NotFoundError
from service.store.tables import documents, submissions
from service.store.units import Unit, all_units

SETTLED = ("accepted", "returned", "superseded")


def campaign_asked(connection: Connection, identity: str | None) -> Campaign | None:
    """The campaign of that id; without one the current one, else the latest.

    Raises:
        NotFoundError: there is none of that id.
    """
    if identity is not None:
        found = find_campaign(connection, identity)
        if found is None:
            raise NotFoundError(pointer="campaign")
        return found
    every = all_campaigns(connection)
    return next((item for item in every if item.current), every[0] if every else None)


def contents_of_store(runtime: Runtime, connection: Connection, asked: Asked) -> Contents:
    """All of a pack as it is now.

    Raises:
        NotFoundError: there is no such unit or campaign.
    """
    campaign = campaign_asked(connection, asked.campaign_id)
    found = consolidate(runtime, connection, asked.unit_id, campaign.id if campaign else None)
    units = all_units(connection)
    unit = next((item for item in units if item.id == asked.unit_id), None)
    scope = _Scope(units, asked.unit_id)
    wanted = asked.recipient.forms
    cards = _cards(runtime, connection, scope, campaign) if APPROVALS in wanted else []
    forms = [_form(found.forms[form]) for form in wanted if form in found.forms and found.forms[form].source_forms]
    lacks = [*lacks_of(found, wanted), *_undecided(connection, scope, campaign, wanted)]
    named = _documents(found, cards, wanted)
    kept = open_findings(runtime, connection, {key: unit for key, (_, unit) in named.items()}, wanted)
    lacks += errors_of(kept)
    return Contents(
        unit.name if unit else (found.unit or OFFICES[Recipient.HR]),
        asked,
        campaign.year if campaign else runtime.settings.year_on(office_day()),
        campaign.title if campaign else "",
        campaign.hand_in_by if campaign else "",
        len(found.units) or 1,
        unit.liaison if unit else "",
        unit.liaison_phone if unit else "",
        tuple(forms),
        tuple(cards),
        tuple(_scans(connection, named)) if asked.options.scans else (),
        tuple(lacks),
        (*kept, *of_consolidation(runtime.catalogue, found, wanted)),
        found,
    )


class _Scope:
    """Which things are of the subtree; for the district, all."""

    def __init__(self, units: Sequence[Unit], top: str | None) -> None:
        nodes: tuple[UnitNode, ...] = unit_nodes(units, office_day())
        self._tree = UnitTree(nodes)
        self._everything = top is None
        self._ids = frozenset(node.id for node in self._tree.below(top))
        self.names = {node.id: node.name for node in nodes}

    def covers(self, unit_id: str | None, name: str) -> bool:
        """Whether what is of that unit, by its id or by its name, is in it."""
        if self._everything:
            return True
        home = self._tree.home(unit_id, name)
        return home is not None and home.id in self._ids


def _form(made: ConsolidatedForm) -> PackForm:
    sources = tuple(
        {"document": item.document_id, "item": item.item, "accepted": item.accepted_id, "unit": home}
        for item, home in zip(made.source_forms, made.homes, strict=True)
    )
    return PackForm(made.definition, made.record, sources)


def _cards(runtime: Runtime, connection: Connection, scope: _Scope, campaign: Campaign | None) -> list[PackCard]:
    """The accepted approval forms of the subtree, by unit as the tree has them and in the order of acceptance."""
    heads = accepted_heads(connection, (APPROVALS,), campaign.id if campaign else None)
    heads = [head for head in heads if scope.covers(head.unit_id, head.unit)]
    rows: dict[str, list[dict[str, Entry]]] = {head.id: [] for head in heads}

    def keep(identity: str, row: Mapping[str, StoredEntry]) -> None:
        rows[identity].append({key: Entry(item.value, "", item.code) for key, item in row.items()})

    people_of(connection, [head.id for head in heads], keep)
    order = {name: rank for rank, name in enumerate(scope.names.values())}
    names = {head.id: scope.names.get(head.unit_id or "", head.unit) for head in heads}
    heads.sort(key=lambda head: order.get(names[head.id], len(order)))
    return [_card(runtime, head, tuple(rows[head.id]), names[head.id]) for head in heads if rows[head.id]]


def _card(runtime: Runtime, head: AcceptedHead, rows: tuple[dict[str, Entry], ...], unit: str) -> PackCard:
    header = {key: Entry(item["value"], "", item["code"]) for key, item in head.header.items()}
    marks = tuple(mark_from_plain(mark) for mark in head.marks)
    definition = runtime.catalogue.find(head.form, head.edition)
    source = {"document": head.document_id, "item": head.item, "accepted": head.id, "unit": unit}
    return PackCard(definition, Record(head.form, head.edition, header, rows, marks), unit, (source,))


def _documents(found: Consolidation, cards: Sequence[PackCard], wanted: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The received documents that the pack is made of: the first of its forms that each is of, and its unit."""
    named: dict[str, tuple[str, str]] = {}
    for form in wanted:
        made = found.forms.get(form)
        pairs = [] if made is None else zip(made.source_forms, made.homes, strict=True)
        for source, home in pairs:
            named.setdefault(source.document_id, (form, home))
        if form == APPROVALS:
            for card in cards:
                named.setdefault(str(card.sources[0]["document"]), (form, card.unit))
    return named


def _scans(connection: Connection, named: Mapping[str, tuple[str, str]]) -> list[PackScan]:
    """The originals of those documents, each behind its first form."""
    query = select(documents.c.id, documents.c.sha256, documents.c.name).where(documents.c.sha256 != "")
    rows = {row.id: row for row in connection.execute(query) if row.id in named}
    return [
        PackScan(form, identity, rows[identity].sha256, rows[identity].name, unit)
        for identity, (form, unit) in named.items()
        if identity in rows
    ]


def _undecided(connection: Connection, scope: _Scope, campaign: Campaign | None, wanted: Sequence[str]) -> list[Lack]:
    """Received files that nobody has accepted or returned yet: what is in them is not in the pack."""
    owned = (belongings.c.kind == "document") & (belongings.c.thing_id == documents.c.id)
    joined = documents.outerjoin(submissions, submissions.c.document_id == documents.c.id).outerjoin(belongings, owned)
    columns = (documents.c.id, documents.c.name, documents.c.unit, belongings.c.unit_id, belongings.c.forms)
    query = select(*columns, submissions.c.state).select_from(joined).order_by(documents.c.received_at, documents.c.id)
    if campaign is not None:
        query = query.where((documents.c.campaign_id == campaign.id) | documents.c.campaign_id.is_(None))
    lacks = []
    for row in connection.execute(query.where(documents.c.sha256 != "")):
        forms = set((row.forms or "").split(",")) - {""}
        if row.state in SETTLED or (forms and not forms & set(wanted)) or not scope.covers(row.unit_id, row.unit or ""):
            continue
        unit = scope.names.get(row.unit_id or "", row.unit or "")
        message = f"{unit or '单位未定'}的文件“{row.name}”尚未审结,未编入"
        lacks.append(Lack("undecided", unit, ",".join(sorted(forms)), message, "not-settled", row.id))
    return lacks
