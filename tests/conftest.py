"""The command line, run within the test's own process."""

import sys

import pytest

from cbam_viz.cli import main


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs the command line; gives its exit code, what it wrote, and what it wrote to standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["cbam_viz", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run
