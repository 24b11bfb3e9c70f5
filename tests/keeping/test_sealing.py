"""Numbers at rest: sealed, bound to their place, found again, and never in plain."""

from __future__ import annotations

import json
import sqlite3
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from service.opening import open_database
from service.settings import Settings
from service.store.database import Database
from service.store.documents import add_document, find_document, set_reading
from service.store.records import AcceptedForm, RecordQuery, find_records, keep_accepted
from service.store.sealing import provider, suites
from service.store.sealing.columns import InRow, Sealed
from service.store.sealing.errors import CryptoSelfTestError, KeyMissingError, KeyWrongError, SealedValueError
from service.store.sealing.outer_key import OuterKey, beside, make_key_file
from service.store.sealing.suites import Suite
from service.store.tables import accepted, documents, metadata

NUMBERS = ("320799198001010016", "32079919900307121X")
PHONE = "13900000017"
BEFORE_MIGRATIONS = Path(__file__).parents[1] / "service" / "store" / "before_migrations.sql"


@pytest.fixture(params=list(Suite))
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    opened = Database(tmp_path / "data" / "service.db", suite=request.param)
    yield opened
    opened.close()


def keep_person(database: Database, number: str, file: str = "a.docx") -> str:
    """An accepted form with one person; the number stands in its file's name and its reading too."""
    with database.transaction() as connection:
        identity = add_document(
            connection, sha256="a" * 64, name=f"{number} {file}", size=1, form_hint=None, unit="第一中学"
        )
        set_reading(connection, identity, "read", {"documents": [], "text": f"身份证 {number} 电话 {PHONE}"})
        person = {"name": {"value": "张三", "code": None}, "id_number": {"value": number, "code": None}}
        form = AcceptedForm(0, "attachment-1", "2026", "第一中学", {"contact_phone": {"value": PHONE}}, [], [person])
        keep_accepted(connection, identity, [form], "本机", f"核对过 {number}")
    return identity


def test_every_algorithm_computes_its_published_example() -> None:
    suites.self_test()


def test_a_wrong_algorithm_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(provider, "_PLAIN", bytes(64))
    with pytest.raises(CryptoSelfTestError) as caught:
        Database(tmp_path / "data" / "service.db")
    assert "SM4-GCM" in caught.value.message_en


class Device(provider.OpenSsl):
    """A module of the installation's own; it counts what it is asked."""

    asked = 0

    def seal(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        Device.asked += 1
        return super().seal(key, nonce, plain, bound_to)


class Careless(provider.OpenSsl):
    """It gives back what was changed."""

    def open(self, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        try:
            return super().open(key, nonce, sealed, bound_to)
        except ValueError:
            return b""


@pytest.mark.parametrize("name", ["Careless", "nothing", "ABSENT"])
def test_a_module_that_is_not_there_or_computes_wrongly_stops_the_start(tmp_path: Path, name: str) -> None:
    module = "no.such.module:x" if name == "ABSENT" else f"{__name__}:{name}"
    with pytest.raises(CryptoSelfTestError):
        open_database(Settings(data_dir=tmp_path / "data", crypto="gm", crypto_provider=module))
    assert not (tmp_path / "data" / "service.db").exists()


def test_a_module_of_the_installation_computes_in_place_of_openssl(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", crypto="gm", crypto_provider=f"{__name__}:Device")
    opened = open_database(settings)
    before = Device.asked
    identity = keep_person(opened, NUMBERS[0])
    assert Device.asked > before
    opened.close()
    plain = open_database(replace(settings, crypto_provider=""))
    asked = Device.asked
    with plain.transaction() as connection:
        found = find_document(connection, identity)
    assert found is not None
    assert NUMBERS[0] in found.name
    assert Device.asked == asked
    plain.close()


def test_what_is_kept_is_read_again_and_found_by_its_whole_number(database: Database) -> None:
    identity = keep_person(database, NUMBERS[0])
    keep_person(database, NUMBERS[1])
    with database.transaction() as connection:
        found = find_document(connection, identity)
        total, rows = find_records(connection, RecordQuery(id_number=NUMBERS[0]))
        none, _ = find_records(connection, RecordQuery(id_number=NUMBERS[0][:-1]))
        lower, _ = find_records(connection, RecordQuery(id_number=NUMBERS[1].lower()))
    assert found is not None
    assert NUMBERS[0] in found.name
    assert NUMBERS[0] in str(found.reading)
    assert (total, none, lower) == (1, 0, 1)
    assert rows[0]["entries"]["id_number"]["value"] == NUMBERS[0]
    assert rows[0]["header"]["contact_phone"]["value"] == PHONE
    assert rows[0]["reason"] == f"核对过 {NUMBERS[0]}"


def test_no_number_stands_in_the_data_folder(database: Database, tmp_path: Path) -> None:
    for number in NUMBERS:
        keep_person(database, number)
    database.close()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert "第一中学".encode() in kept
    for number in (*NUMBERS, PHONE):
        assert number.encode() not in kept


def test_one_number_sealed_twice_looks_different_and_indexed_twice_the_same(database: Database) -> None:
    vault = database.vault
    assert vault.seal("t:1:c", b"x") != vault.seal("t:1:c", b"x")
    assert vault.index("id_number", NUMBERS[0]) == vault.index("id_number", NUMBERS[0])
    assert vault.index("id_number", NUMBERS[0]) != vault.index("phone", NUMBERS[0])
    assert vault.index("id_number", "") == ""


def raw(database: Database, words: str, **values: object) -> Any:
    with database.engine.begin() as connection:
        return connection.execute(text(words), values)


@pytest.mark.parametrize("change", ["moved", "flipped", "plain", "cut"])
def test_a_value_that_somebody_put_there_is_not_believed(database: Database, change: str) -> None:
    first, second = keep_person(database, NUMBERS[0]), keep_person(database, NUMBERS[1])
    sealed = raw(database, "select reading from document where id = :id", id=second).scalar_one()
    put = {
        "moved": sealed,
        "flipped": sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:],
        "plain": json.dumps({"documents": []}),
        "cut": sealed[:20],
    }[change]
    raw(database, "update document set reading = :put where id = :id", put=put, id=first)
    with database.transaction() as connection, pytest.raises(SealedValueError) as caught:
        find_document(connection, first)
    assert f"document:{first}:reading" in caught.value.message_zh


def test_a_value_without_its_row_cannot_be_written(database: Database) -> None:
    with database.transaction() as connection, pytest.raises(Exception, match="takes a value with its row"):
        connection.execute(update(documents).values(reading={"documents": []}))


def test_every_sealed_column_says_where_it_stands() -> None:
    sealed = [(column, column.type) for table in metadata.tables.values() for column in table.c]
    found = [(column, kind) for column, kind in sealed if isinstance(kind, Sealed)]
    assert len(found) > 20
    for column, kind in found:
        assert kind.place == f"{column.table.name}:{column.name}"
        assert set(kind.keys) <= set(column.table.c.keys())
        assert all(not isinstance(column.table.c[key].type, Sealed) for key in kind.keys)
        assert all(not column.table.c[key].nullable for key in kind.keys)


def test_an_alias_and_a_label_read_the_same(database: Database) -> None:
    identity = keep_person(database, NUMBERS[0])
    other = documents.alias("other")
    with database.transaction() as connection:
        joined = accepted.join(other, other.c.id == accepted.c.document_id)
        row = connection.execute(select(other.c.name.label("file"), accepted.c.header).select_from(joined)).one()
        assert connection.execute(select(other.c.id).where(other.c.reading.is_not(None))).scalar_one() == identity
    assert NUMBERS[0] in row.file
    assert row.header["contact_phone"]["value"] == PHONE


def test_the_key_file_is_made_once_beside_the_folder_for_its_owner_alone(tmp_path: Path) -> None:
    Database(tmp_path / "data" / "service.db").close()
    key = beside(tmp_path / "data")
    assert key.stat().st_mode & 0o777 == 0o400
    before = key.read_bytes()
    make_key_file(key)
    assert key.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_without_its_key_a_database_is_not_opened_and_no_new_key_is_made(tmp_path: Path) -> None:
    path, key = tmp_path / "data" / "service.db", beside(tmp_path / "data")
    Database(path).close()
    key.rename(tmp_path / "away")
    with pytest.raises(KeyMissingError):
        Database(path)
    assert not key.exists()
    make_key_file(key)
    with pytest.raises(KeyWrongError):
        Database(path)
    key.unlink()
    (tmp_path / "away").rename(key)
    Database(path).close()


def test_a_key_that_others_may_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    path, key = tmp_path / "data" / "service.db", beside(tmp_path / "data")
    Database(path).close()
    key.chmod(0o444)
    with pytest.raises(KeyWrongError) as caught:
        Database(path)
    assert "chmod 400" in caught.value.message_zh
    with pytest.raises(KeyWrongError):
        Database(path, OuterKey(key, "c2hvcnQ="))


def test_a_key_from_the_settings_makes_no_file(tmp_path: Path) -> None:
    key = OuterKey(tmp_path / "none", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    Database(tmp_path / "data" / "service.db", key).close()
    Database(tmp_path / "data" / "service.db", key).close()
    assert not (tmp_path / "none").exists()
    assert "MDEyMzQ1" not in repr(key)


def old_database(path: Path) -> None:
    """A database of before sealing, with numbers wherever there can be some."""
    path.parent.mkdir(parents=True)
    person = {"name": {"value": "张三", "code": None}, "id_number": {"value": NUMBERS[0], "code": None}}
    number = json.dumps({"text": NUMBERS[0]})
    connection = sqlite3.connect(path)
    connection.executescript(BEFORE_MIGRATIONS.read_text(encoding="utf-8"))
    with connection:
        connection.execute("update document set reading = ?, name = ? where id = 'd1'", (number, f"{NUMBERS[0]}.docx"))
        connection.execute(
            "insert into accepted_form values"
            " ('f1', 'd1', 0, 'attachment-1', '2026', '第一中学', 'accepted', ?, '[]', 1.0, '本机', ?)",
            (json.dumps({"contact_phone": {"value": PHONE}}), NUMBERS[0]),
        )
        connection.execute(
            "insert into record values (7, 'f1', 0, '张三', ?, ?)",
            (NUMBERS[0], json.dumps(person, ensure_ascii=False)),
        )
        connection.execute(
            "insert into finding values (1, 'd1', 0, 'attachment-1', '第一中学', 'error', 'F-01', '', ?)", (number,)
        )
        connection.execute("update unit set liaison_phone = ? where id = 'u1'", (PHONE,))
        connection.execute(
            "insert into issued values ('ABC234567890', 'attachment-1', '2026', 'pdf', 'final', 1.0, ?, ?, null)",
            (zlib.compress(b'{"form": "x"}'), None),
        )
    connection.close()


def test_an_old_database_is_sealed_in_place(tmp_path: Path) -> None:
    path = tmp_path / "data" / "service.db"
    old_database(path)
    assert NUMBERS[0].encode() in path.read_bytes()
    database = Database(path)
    with database.transaction() as connection:
        found = find_document(connection, "d1")
        _, rows = find_records(connection, RecordQuery(id_number=NUMBERS[0]))
        by_table = {
            name: connection.execute(select(metadata.tables[name])).mappings().all()
            for name in ("finding", "unit", "issued", "entry_history")
        }
    database.close()
    assert found is not None
    assert (found.name, found.reading) == (f"{NUMBERS[0]}.docx", {"text": NUMBERS[0]})
    assert [row["id"] for row in rows] == [7]
    assert rows[0]["header"]["contact_phone"]["value"] == PHONE
    assert by_table["finding"][0]["body"] == {"text": NUMBERS[0]}
    assert by_table["unit"][0]["liaison_phone"] == PHONE
    assert (by_table["issued"][0]["record"], by_table["issued"][0]["field_map"]) == ({"form": "x"}, None)
    assert (by_table["entry_history"][0]["before"], by_table["entry_history"][0]["reason"]) == ("read", "")
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    for number in (NUMBERS[0], PHONE):
        assert number.encode() not in kept


def test_a_row_may_be_added_bare_only_with_its_row(database: Database) -> None:
    row = {"id": "x", "sha256": "b" * 64, "size": 1, "state": "received", "received_at": 1.0}
    with database.transaction() as connection:
        connection.execute(insert(documents).values(name=InRow("x", "名"), reading=InRow("x", None), **row))
        stored = find_document(connection, "x")
    assert stored is not None
    assert (stored.name, stored.reading) == ("名", None)
