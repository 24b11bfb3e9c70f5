"""Returned paper read end to end, beside its peers: see :mod:`bench.read_scans`."""
