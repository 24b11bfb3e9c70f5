"""Draws the official files from the definitions, so that a maintainer can redo them: ``python -m drafting``."""
