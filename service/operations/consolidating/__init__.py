"""The forms of a unit's subtree, or of the district, made into one: from the store or from plain data."""

from service.operations.consolidating.gathering import consolidate, unit_nodes
from service.operations.consolidating.plain import consolidate_data

__all__ = ["consolidate", "consolidate_data", "unit_nodes"]
