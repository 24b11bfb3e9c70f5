"""The bench of paper that others wore knows every fault that its wearer has, and no other."""

from __future__ import annotations

import ast

from bench.foreign_wear import KINDS, WEARER


def test_the_bench_and_its_wearer_name_the_same_faults() -> None:
    tree = ast.parse(WEARER.read_text(encoding="utf-8"))
    (table,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "KINDS"
    )
    assert isinstance(table, ast.Dict)
    assert tuple(ast.literal_eval(key) for key in table.keys if key is not None) == KINDS
