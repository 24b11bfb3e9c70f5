"""Submission packs and prefilled packs: who gets what, what is missing, made part by part and taken up again."""
