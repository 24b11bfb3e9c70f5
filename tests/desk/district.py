"""The district that the pages are looked at with: invented units and people, every role, files in every state."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
from sqlalchemy import insert

from bench.progress import Given, make_district
from forms.catalogue import Catalogue
from forms.intake import take_in
from forms.record import Record
from service.access.matrix import OF_UNIT, Role
from service.access.passwords import hash_password
from service.operations.adopting import AdoptRequest
from service.operations.proposals import PICTURES, PROPOSALS, REPORT
from service.runtime import Runtime, open_runtime
from service.settings import Settings
from service.store.accounts import add_account, set_password
from service.store.belonging import keep_belonging
from service.store.jobs import EDGES
from service.store.tables import jobs
from service.store.units import Unit, UnitKind
from service.web.editions import KINDS
from tests.service.making import data_of
from tests.writers.adopting.blanks import stripped
from writers.adopting.defining import Wishes
from writers.adopting.describing import Origin, report_of
from writers.adopting.drafting import draft_of
from writers.adopting.proposing import Proposal, propose
from writers.filling import Purpose, fill
from writers.rendering import page_pictures, to_pdf

DPI = 70
PASSWORD = "Qingfeng-7-lvshui"
DAY = "2026-09-12"
"""The day as of which the pages tell deadlines."""
PEOPLE = 120
AGO = 1.79e9
"""A moment in September 2026, in seconds since 1970."""
NAMES = {
    Role.LIAISON: ("zhaolianluo", "赵联络"),
    Role.DEPARTMENT: ("qianzhuguan", "钱主管"),
    Role.ORGANIZATION: ("sunzuzhi", "孙组织"),
    Role.HR: ("lirenshe", "李人社"),
    Role.FINANCE: ("zhoucaizheng", "周财政"),
    Role.TEMPLATES: ("wumoban", "吴模板"),
    Role.SYSTEM: ("zhengxitong", "郑系统"),
    Role.SECURITY: ("wanganquan", "王安全"),
    Role.AUDITOR: ("fengshenji", "冯审计"),
}
DEPARTMENT, SCHOOL = "海州区试点教育局", "海州区试点第一中学"
_UNITS = (
    (DEPARTMENT, UnitKind.DEPARTMENT, None),
    (SCHOOL, UnitKind.SUBORDINATE, 0),
    ("海州区试点实验小学", UnitKind.SUBORDINATE, 0),
    ("海州区试点少年宫", UnitKind.SUBORDINATE, 0),
    ("海州区试点水务局", UnitKind.DEPARTMENT, None),
    ("海州区试点河道管理所", UnitKind.SUBORDINATE, 4),
    ("海州区试点自来水厂", UnitKind.SUBORDINATE, 4),
    ("试点镇人民政府", UnitKind.TOWN, None),
    ("试点镇便民服务中心", UnitKind.SUBORDINATE, 7),
    ("试点经济开发区管理委员会", UnitKind.ZONE, None),
    ("试点重点工程建设指挥部", UnitKind.HEADQUARTERS, None),
    ("海州区试点城市投资集团有限公司", UnitKind.GROUP, None),
)
_STATES = ("done", "failed", "dead", "cancelled")


@dataclass(frozen=True, slots=True)
class District:
    """What was made: the data folder, and ids that stand in addresses."""

    data: Path
    units: dict[str, str]
    accounts: dict[Role, str]
    job: str


def settings_of(data: Path) -> Settings:
    """The settings under which it is made, and under which the server runs."""
    return replace(Settings(data_dir=data, year=2026), second_factor="off", second_person=False, sessions=50)


SERVER = {"year": "2026", "second_factor": "off", "second_person": "false", "sessions": "50", "retry_seconds": "3600"}
"""The same for a process."""


def make(data: Path) -> District:
    """Make it in an empty folder; what only a worker can do (reading, packing) is left to the running program."""
    runtime = open_runtime(settings_of(data))
    try:
        units = [_unit(number) for number in range(len(_UNITS))]
        make_district(runtime, Given(len(units), PEOPLE), named=units)
        ids = {unit.name: unit.id for unit in units}
        accounts = _accounts(runtime, ids)
        job = _jobs(runtime, accounts)
        keep_proposal(runtime.settings)
    finally:
        runtime.close()
    return District(data, ids, accounts, job)


def _unit(number: int) -> Unit:
    name, kind, above = _UNITS[number]
    parent = None if above is None else _id(above)
    return Unit(_id(number), name, kind, parent, posts_approved=40 + number, posts_filled=36, liaison="陈联络员")


def _id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number + 1:012d}"


def _accounts(runtime: Runtime, units: dict[str, str]) -> dict[Role, str]:
    hashed, made = hash_password(PASSWORD), {}
    homes = {Role.LIAISON: units[SCHOOL], Role.DEPARTMENT: units[DEPARTMENT]}
    with runtime.database.transaction() as connection:
        for role, (name, title) in NAMES.items():
            unit = homes[role] if role in OF_UNIT else None
            values = {"name": name, "title": title, "role": role.value, "unit_id": unit}
            made[role] = add_account(connection, **values, state="active", made_by="zhengxitong")
            set_password(connection, made[role], hashed)
    return made


def _jobs(runtime: Runtime, accounts: dict[Role, str]) -> str:
    """A job in each state in which it has ended; returns the dead one."""
    problem = {"code": "job-timed-out", "message_zh": "处理时间过长，已停止", "message_en": "took too long"}
    assert set(_STATES) <= EDGES.keys()
    with runtime.database.transaction() as connection:
        for number, state in enumerate(_STATES):
            is_done = state == "done"
            row = {"id": _id(900 + number), "kind": "fill-forms", "arguments": {}, "state": state, "run_at": AGO}
            row |= {"attempt": number, "done": 3 if is_done else 1, "total": 3, "problem": None if is_done else problem}
            row |= {"created_at": AGO, "started_at": AGO}
            connection.execute(insert(jobs).values(row))
            keep_belonging(connection, "job", _id(900 + number), account_id=accounts[Role.HR])
    return _id(900 + _STATES.index("dead"))


def keep_proposal(settings: Settings) -> None:
    """A new edition of 附件4 that waits for a person's word, with its pictures; as PDF it is tried by other tests."""
    catalogue = Catalogue.load()
    base = catalogue.find("attachment-4")
    content = stripped(base)
    asked = AdoptRequest(base.form)
    draft = draft_of(content, base.file_format, base, "r2", Wishes(asked.labels, asked.extras))
    others = [item for item in catalogue.editions if item.form == base.form]
    folder = settings.data_dir.resolve() / PROPOSALS / base.form / "r2"
    proposal = propose(draft, base, folder, others, Origin("空白附件4.docx", "0" * 64), on_paper=False)
    pictures = _drawn(proposal, content)
    report = {**report_of(proposal), "name": "空白附件4.docx", "pictures": pictures}
    del report["folder"]
    (proposal.folder / REPORT).write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")


def _drawn(proposal: Proposal, blank: bytes) -> list[str]:
    """What :func:`service.operations.proposals.propose_blank` draws, all printed at once."""
    definition, filled = proposal.definition, proposal.trial.filled
    assert filled is not None
    empty = fill(definition, Record(definition.form, definition.edition), purpose=Purpose.BLANK)
    folder = proposal.folder / PICTURES
    folder.mkdir()
    printed = to_pdf([(one, definition.file_format) for one in (blank, empty.content, filled.content)])
    for kind, pdf in zip(KINDS, printed, strict=True):
        for number, picture in enumerate(page_pictures(pdf, DPI), start=1):
            picture.save(folder / f"{kind}-{number}.png")
    return sorted(path.name for path in folder.glob("*.png"))


def returned(form: str, unit: str, as_format: str = "", **changes: Any) -> bytes:
    """The official form of a unit, filled with the people of the samples; ``changes`` are of the first person."""
    data = data_of(form)
    data["header"] = {**data.get("header", {}), **({"unit": unit} if "unit" in data.get("header", {}) else {})}
    rows = [{**row, **({"unit": unit} if "unit" in row else {})} for row in data["records"]]
    data["records"] = [{**rows[0], **changes}, *rows[1:]]
    intake = take_in(data, Catalogue.load())[0]
    return fill(intake.definition, intake.record, as_format=as_format).content


DOUBTS: dict[str, Any] = {
    "E6": 320799198910167418,
    "F7": "大学本可",
    "J7": "劳务派谴",
    "K8": "2022.5",
    "O9": "2027年2月30日",
    "Q9": "4100元/4200",
}
"""What a hand changed in cells of 附件3: a number that lost its last digits, slips, half a date, two sums."""


def doubtful(form: str, unit: str) -> bytes:
    """The same, with values in it that the program cannot be sure of."""
    book = openpyxl.load_workbook(io.BytesIO(returned(form, unit)))
    sheet = book.worksheets[0]
    for cell, value in DOUBTS.items():
        sheet[cell] = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
