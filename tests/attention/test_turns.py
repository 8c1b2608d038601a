"""Batches by several threads come in order, and no more are in memory than are about to be taken."""

import time

import pytest

from cbam_viz.attention.turns import in_turn


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_batches_come_in_turn(threads):
    """However long each batch takes, they come in order, every one once, and few are done before they are taken."""
    batches, begun = [slice(number, number + 1) for number in range(20)], []

    def work(rows):
        begun.append(rows)
        time.sleep(0.002 * (rows.start % 3))
        return rows.start

    for taken, (rows, found) in enumerate(in_turn(work, batches, threads)):
        assert (rows.start, found) == (taken, taken)
        assert len(begun) <= taken + 1 + 2 * threads
    assert len(begun) == 20
