"""Submission packs: file names, fixed bytes, letters, manifest, archive, and one file for printing."""
