"""Speed as ratios: ways of doing the same are timed in turn within one run, and shown in one table at the end.

`compare` is the fixture: it takes a question and the ways, the first of which is the unit. Nothing passes or fails by
a time. With ``--benchmark-disable`` every way runs once.
"""

import statistics
import time

import pytest

ROUNDS = 15
COMPARED = pytest.StashKey[list]()


@pytest.fixture
def compare(benchmark, request):
    """Time several ways in turn, so that a busy machine slows all of them alike, and keep medians and ratios."""

    def run(question, ways, aim=""):
        times = {name: [] for name in ways}

        def once_each():
            for name, way in ways.items():
                begin = time.perf_counter()
                way()
                times[name].append(time.perf_counter() - begin)

        if benchmark.enabled:
            once_each()  # warm
            times.update({name: [] for name in ways})
        benchmark.pedantic(once_each, rounds=ROUNDS if benchmark.enabled else 1)
        medians = {name: statistics.median(measured) for name, measured in times.items()}
        unit = next(iter(medians.values()))
        for name, median in medians.items():
            benchmark.extra_info[name] = {"median_ms": 1000 * median, "ratio": median / unit}
        if benchmark.enabled:
            request.config.stash.setdefault(COMPARED, []).append((question, medians, aim))

    return run


def pytest_terminal_summary(terminalreporter, config):
    """Write one Markdown table a question."""
    for question, medians, aim in config.stash.get(COMPARED, []):
        unit = next(iter(medians.values()))
        terminalreporter.write_line(f"\n**{question}**" + (f" (aim: {aim})" if aim else "") + "\n")
        terminalreporter.write_line("| way | median in ms | ratio |\n| --- | ---: | ---: |")
        for name, median in medians.items():
            terminalreporter.write_line(f"| {name} | {1000 * median:.2f} | {median / unit:.2f} |")
