"""Batches by several threads, in order; each computes alone, so a busy machine slows it by its own share only."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Made = TypeVar("Made")


def in_turn(work: Callable[[slice], Made], batches: Sequence[slice], threads: int) -> Iterator[tuple[slice, Made]]:
    """Batches with what work gives for them, in order, by several threads, none of which waits for another.

    Parameters
    ----------
    work : called with each batch; at most two a thread are done before they are taken.
    batches : of one there are no threads.
    threads : how many, at most.
    """
    if min(len(batches), threads) < 2:
        yield from ((rows, work(rows)) for rows in batches)
        return
    with ThreadPoolExecutor(min(len(batches), threads)) as pool:
        ahead = deque((rows, pool.submit(work, rows)) for rows in batches[: 2 * threads])
        for following in (*batches[2 * threads :], *[None] * len(ahead)):
            rows, computed = ahead.popleft()
            if following:
                ahead.append((following, pool.submit(work, following)))
            yield rows, computed.result()
