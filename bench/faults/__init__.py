"""Faults on purpose: processes killed, servers taken away, disks filled, while files are being handed in."""
