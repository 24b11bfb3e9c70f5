"""The HTTP API under ``/api/v1``: a view parses, calls one operation, and answers."""
