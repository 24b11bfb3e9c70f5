"""Ledgers: tables of persons of any layout; columns are told by label, by values and by what a person confirmed."""
