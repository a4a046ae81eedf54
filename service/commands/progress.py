"""How far a long command is: a bar on standard error while somebody watches, nothing in a log or a pipe."""

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")


def in_steps(items: Sequence[Item], step: int, *, what: str) -> Iterator[Sequence[Item]]:
    """Yield the items, so many at a time, and show how many are done."""
    # None: only where standard error is a terminal.
    with tqdm(total=len(items), unit=f" {what}", disable=None, file=sys.stderr) as bar:
        for start in range(0, len(items), step):
            yield items[start : start + step]
            bar.update(min(step, len(items) - start))
