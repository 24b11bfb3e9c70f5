"""Personal data at rest: sealed values, the keys they are sealed with, and the index that finds a number again."""
