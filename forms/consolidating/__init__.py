"""Forms of a subtree in one: rows by unit, subtotals, sources, findings and figures (``docs/consolidation.md``)."""

from forms.consolidating.building import CONSOLIDATED, Wanted, consolidate_forms
from forms.consolidating.heads import Reporter
from forms.consolidating.shapes import (
    ConsolidatedForm,
    Consolidation,
    ConsolidationFinding,
    Figure,
    Figures,
    RowRef,
    RowSource,
    SourceForm,
    Subtotal,
    UnitNode,
    UnitReturn,
)

__all__ = [
    "CONSOLIDATED",
    "ConsolidatedForm",
    "Consolidation",
    "ConsolidationFinding",
    "Figure",
    "Figures",
    "Reporter",
    "RowRef",
    "RowSource",
    "SourceForm",
    "Subtotal",
    "UnitNode",
    "UnitReturn",
    "Wanted",
    "consolidate_forms",
]
