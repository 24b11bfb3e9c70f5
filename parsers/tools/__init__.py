"""Programs outside this one, each behind one module."""
