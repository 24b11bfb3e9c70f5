"""Code tables: each a TOML file beside this one that names its standard."""

from forms.codes.tables import Code, CodeMatch, CodeTable, Unsettled, load_table, table_names

__all__ = ["Code", "CodeMatch", "CodeTable", "Unsettled", "load_table", "table_names"]
