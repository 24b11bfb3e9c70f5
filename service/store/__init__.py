"""What is kept: received files under their hash, and the rows that say what became of them."""
