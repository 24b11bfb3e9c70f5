"""Letters to units: what they still owe, whose loans and contracts end, and the list of those who are late."""
