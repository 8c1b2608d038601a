"""The laws of cbam_viz/README.md, as far as a tool or a fresh interpreter can hold them."""

import dataclasses
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cbam_viz"
TOOLS = re.findall(
    r"^\t\$\(BIN\)/(.+)$", re.search(r"^check:.*\n((?:\t.+\n)+)", (ROOT / "Makefile").read_text(), re.M)[1], re.M
)
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages([str(PACKAGE)], "cbam_viz.")
    if not module.name.startswith(("cbam_viz.ui.pages.", "cbam_viz.__main__"))  # scripts: importing them runs them
)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command at the top of the repository, and keep what it says."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def names(folder: Path) -> set[str]:
    """Names of the modules in a folder and below, without the package's own file."""
    return {path.stem for path in folder.rglob("*.py")} - {"__init__"}


@pytest.mark.parametrize("command", TOOLS)
def test_every_tool_of_make_check_is_content(command):
    """`make check` and this test run the same commands, and each finds nothing to say."""
    program, *arguments = command.split()
    result = run(str(Path(sys.executable).with_name(program)), *arguments)

    assert result.returncode == 0, result.stdout + result.stderr


def test_make_check_runs_the_five_tools():
    """The laws are held by ruff (rules and format), mypy, import-linter and deptry."""
    assert [command.split()[0] for command in TOOLS] == ["ruff", "ruff", "mypy", "lint-imports", "deptry"]


@pytest.mark.parametrize(
    "start",
    [
        "import cbam_viz",
        "import cbam_viz.network.card",
        "import runpy; sys.argv = ['cbam_viz', '--help']; runpy.run_module('cbam_viz', run_name='__main__')",
    ],
    ids=["package", "card", "help"],
)
def test_nothing_heavy_is_imported_before_it_is_needed(start):
    """The package, a network's card and `--help` load no torch, Captum, ONNX, Plotly, Kaleido or Streamlit."""
    script = (
        f"import sys\ntry:\n    {start}\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = {'torch', 'onnx', 'onnxruntime', 'plotly', 'kaleido', 'streamlit'}\n"
        "print('loaded:', *sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    result = run(sys.executable, "-c", script)

    assert result.returncode == 0, result.stderr
    assert result.stderr.splitlines()[-1].split() == ["loaded:"]


def test_nothing_happens_at_import():
    """Importing every room reads no file, draws no random number and leaves torch's threads and seed alone."""
    script = f"""
import importlib, sys, numpy, torch
import streamlit, plotly.graph_objects
def state():
    return (torch.get_rng_state().tolist(), numpy.random.get_state()[1].tolist(), torch.get_num_threads(),
            torch.initial_seed(), torch.get_default_dtype())
def note(event, arguments):
    if event == "open" and str(arguments[0]).startswith({str(ROOT)!r}) and ".venv" not in str(arguments[0]) \\
            and not str(arguments[0]).endswith((".py", ".mo")) and "__pycache__" not in str(arguments[0]):
        opened.append(arguments[0])
opened, before = [], state()
sys.addaudithook(note)
for name in {MODULES!r}:
    importlib.import_module(name)
assert state() == before, "an import changed a seed, the threads or the type of numbers"
assert not opened, opened
"""
    result = run(sys.executable, "-c", script)

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", MODULES)
def test_results_are_frozen(name):
    """Every dataclass is frozen, so what one room made no other can change."""
    module = importlib.import_module(name)
    own = [kind for kind in vars(module).values() if dataclasses.is_dataclass(kind) and kind.__module__ == name]

    assert [kind.__name__ for kind in own if not kind.__dataclass_params__.frozen] == []


def test_a_view_has_one_name_in_every_place():
    """The numbers of a view, its figure and the tests of both bear one name; a page has its test."""
    views = names(PACKAGE / "analysis")

    assert names(PACKAGE / "figures") - {"style", "page", "images"} <= views  # these hold figures together
    assert {f"test_{view}" for view in views} <= names(ROOT / "tests/analysis")
    assert {f"test_{figure}" for figure in names(PACKAGE / "figures")} <= names(ROOT / "tests/figures")
    assert {f"test_{page}" for page in names(PACKAGE / "ui/pages")} <= names(ROOT / "tests/ui")


def test_no_file_speaks_of_the_machine_it_was_written_on():
    """No tracked text names a home folder or a place outside the repository."""
    home = r"/(root|home/[a-z]\w*|Users/[A-Za-z]\w*|work)/"
    found = run("git", "grep", "--cached", "-nIE", home, "--", ".", f":!{Path(__file__).relative_to(ROOT)}")

    assert (found.returncode, found.stdout) == (1, ""), found.stdout + found.stderr
