"""Speed as ratios: ways of doing the same are timed in turn within one run, and shown in one table at the end.

The tables are also written to `build/bench.md`, with the date and the machine.

`compare` is the fixture: it takes a question and the ways, the first of which is the unit. Nothing passes or fails by
a time. With ``--benchmark-disable`` every way runs once. Times are processor time of this process, which what else the
machine does hardly touches; a way that works in a child process is timed by the clock on the wall (`clock`).
"""

import os
import platform
import re
import statistics
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import torch

ROUNDS = 30
TOLD = pytest.StashKey[list]()


@pytest.fixture(autouse=True)
def _one_thread():
    """Time one thread: threads that wait for a busy core would be most of what is measured."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def tell(benchmark, request):
    """Keep a table for the end: its question, its aim, its columns, and a dict of numbers for each named row."""

    def keep(question, aim, columns, rows):
        if benchmark.enabled:
            request.config.stash.setdefault(TOLD, []).extend(table(question, aim, columns, rows))

    return keep


@pytest.fixture
def compare(benchmark, tell):
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
        tell(question, aim, ("way", "median in ms", "ratio", "ratio of the fastest"), rows)

    return run


def pytest_terminal_summary(terminalreporter, config):
    """Write one Markdown table a question, to the terminal and to `build/bench.md`."""
    tables = config.stash.get(TOLD, [])
    for line in tables:
        terminalreporter.write_line(line)
    if tables:
        model = re.findall("model name\t: (.*)", Path("/proc/cpuinfo").read_text()) if sys.platform == "linux" else []
        head = (
            f"{date.today()}, {(model or [platform.processor()])[0]}, {os.cpu_count()} cores, torch {torch.__version__}"
        )
        written = config.rootpath / "build" / "bench.md"
        written.parent.mkdir(exist_ok=True)
        written.write_text("\n".join(["# Speed", "", head, *tables, ""]))


def table(question, aim, columns, rows):
    """The lines of one question's table."""
    yield from ("", f"**{question}**" + (f" (aim: {aim})" if aim else ""), "")
    yield "| " + " | ".join(columns) + " |"
    yield "| --- |" + " ---: |" * (len(columns) - 1)
    for name, row in rows.items():
        yield f"| {name} | " + " | ".join(f"{value:.2f}" for value in row.values()) + " |"
