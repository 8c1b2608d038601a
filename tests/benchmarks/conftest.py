"""Speed as ratios: ways of doing the same are timed in turn within one run, and shown in one table at the end.

`compare` is the fixture: it takes a question and the ways, the first of which is the unit. Nothing passes or fails by
a time. With ``--benchmark-disable`` every way runs once. Times are processor time of this process, which what else the
machine does hardly touches; a way that works in a child process is timed by the clock on the wall (`clock`).
"""

import statistics
import time

import numpy as np
import pytest
import torch

ROUNDS = 30
COMPARED = pytest.StashKey[list]()


@pytest.fixture(autouse=True)
def _one_thread():
    """Time one thread: threads that wait for a busy core would be most of what is measured."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def compare(benchmark, request):
    """Time several ways in turn, so that a busy machine slows all of them alike; a ratio is the median over rounds."""

    def run(question, ways, aim="", clock=time.process_time):
        times, order, rng = {name: [] for name in ways}, list(ways), np.random.default_rng(0)

        def once_each():
            rng.shuffle(order)  # no way always comes after the same one
            for name in order:
                begin = clock()
                ways[name]()
                times[name].append(clock() - begin)

        if benchmark.enabled:
            once_each()  # warm
            times.update({name: [] for name in ways})
        benchmark.pedantic(once_each, rounds=ROUNDS if benchmark.enabled else 1)
        unit = next(iter(times.values()))
        rows = {
            name: {
                "median_ms": 1000 * statistics.median(measured),
                "ratio": statistics.median(mine / its for mine, its in zip(measured, unit, strict=True)),
                "ratio_of_fastest": min(measured) / min(unit),
            }
            for name, measured in times.items()
        }
        benchmark.extra_info.update(rows)
        if benchmark.enabled:
            request.config.stash.setdefault(COMPARED, []).append((question, rows, aim))

    return run


def pytest_terminal_summary(terminalreporter, config):
    """Write one Markdown table a question."""
    for question, rows, aim in config.stash.get(COMPARED, []):
        terminalreporter.write_line(f"\n**{question}**" + (f" (aim: {aim})" if aim else ""))
        terminalreporter.write_line(
            "\n| way | median in ms | ratio | ratio of the fastest |\n| --- | ---: | ---: | ---: |"
        )
        for name, row in rows.items():
            terminalreporter.write_line(
                f"| {name} | {row['median_ms']:.2f} | {row['ratio']:.2f} | {row['ratio_of_fastest']:.2f} |"
            )
