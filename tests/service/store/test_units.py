"""A list of units is taken whole or not at all, whatever breaks on the way."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from sqlalchemy.exc import IntegrityError

from samples.units import sample_units
from service.operations.unit_importing import confirm_unit_import, take_unit_import
from service.operations.unit_workbook import make_units_workbook
from service.operations.units import units_of
from service.runtime import Runtime

LARGEST = 1 << 24
LATE = "瀛洲集团"


def test_a_database_that_fails_in_the_middle_keeps_nothing_of_the_list(make_runtime: Callable[..., Runtime]) -> None:
    runtime = make_runtime()
    blob = runtime.blobs.put(io.BytesIO(make_units_workbook(sample_units())), LARGEST)
    taken = take_unit_import(runtime, "名录.xlsx", blob)
    stop = f"create trigger stop before insert on unit when new.name = '{LATE}' begin select raise(abort, 'no'); end"
    with runtime.database.transaction() as connection:
        connection.exec_driver_sql(stop)
    with pytest.raises(IntegrityError):
        confirm_unit_import(runtime, taken.id)
    assert units_of(runtime.database) == ()
    with runtime.database.transaction() as connection:
        connection.exec_driver_sql("drop trigger stop")
    confirm_unit_import(runtime, taken.id)
    stored = units_of(runtime.database)
    assert [unit.name for unit in stored] == [unit.name for unit in sample_units()]
    names = {unit.id: unit.name for unit in (*stored, *sample_units())}
    for one, other in zip(stored, sample_units(), strict=True):
        assert names.get(one.parent_id or "") == names.get(other.parent_id or "")
        assert set(one.aliases) == set(other.aliases)
        assert (one.credit_code, one.liaison_phone, one.ended_on) == (
            other.credit_code,
            other.liaison_phone,
            other.ended_on,
        )
