"""Who has handed in what by when, whose loans and contracts end, and the letters that follow from it."""
