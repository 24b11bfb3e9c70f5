"""A blank official form taken in: its places found, its tags written, its definition made, the whole proved."""
