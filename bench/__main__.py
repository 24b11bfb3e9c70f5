"""All measurements, or those named; ends with 1 when one does not keep what it promises."""

from __future__ import annotations

import argparse
import sys

from bench.runner import names, show


def main() -> int:
    """Run and print."""
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="small sizes, to see that everything runs")
    arguments.add_argument("names", nargs="*", choices=[*names(), []], help="which ones; all by default")
    given = arguments.parse_args()
    kept = [show(name, quick=given.quick) for name in given.names or names()]
    print(f"\n{sum(kept)} of {len(kept)} measurements keep what they promise")
    return 0 if all(kept) or given.quick else 1


if __name__ == "__main__":
    sys.exit(main())
