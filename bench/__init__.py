"""What filling and reading cost, each beside its peer in one run: ``python -m bench [--quick] [name…]``."""
