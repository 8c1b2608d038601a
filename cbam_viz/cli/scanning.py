"""``scan PATH``: when does it happen in this recording? ``alarms NAME``: how many false alarms does a network give?"""

import json
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cbam_viz.cli.places import no_place

if TYPE_CHECKING:
    from cbam_viz.analysis.events import Event
    from cbam_viz.analysis.onset import Onset
    from cbam_viz.studies.scan import Progress, ScanFacts
    from cbam_viz.studies.scan_events import Threshold

STOPPED = 130
"""Exit code of a program that is stopped by its user."""
TELL_S = 0.5
"""Between two times that progress is told."""


def scan(
    path: Annotated[
        Path,
        typer.Argument(help="The recording, of any length: wav, flac, npy, h5, mat v7.3, parquet, tdms, csv, txt."),
    ],
    network: Annotated[str, typer.Option(metavar="NAME", help="Which network; `list` shows them.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the results; run again to go on, or to add.")],
    channel: Annotated[str | None, typer.Option(metavar="C", help="Channel of the file [default: the first].")] = None,
    fs: Annotated[float | None, typer.Option(metavar="HZ", help="Sampling rate, where the file does not say.")] = None,
    machine: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose recording it is [default: the name of its folder].")
    ] = None,
    false_alarms: Annotated[
        float, typer.Option(metavar="PER_HOUR", help="How many may be borne in a healthy hour, as simulated.")
    ] = 1.0,
    progress: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Keep a JSON file of how far it is, for whoever waits.")
    ] = None,
    most_memory: Annotated[
        float | None, typer.Option(metavar="MB", help="Of data; a scan that needs more ends.")
    ] = None,
) -> None:
    """Find when something happens in a recording of any length."""
    from cbam_viz.network.checkpoint import read_network
    from cbam_viz.signals.recording import open_recording
    from cbam_viz.studies import scan as study
    from cbam_viz.studies.scan_events import detect, find_threshold, trend, write_events

    if most_memory:
        _limit(most_memory)
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))  # stopped by whoever started it, as by Ctrl-C
    teller = _Teller(progress)
    try:
        used = read_network(network)
        threshold = find_threshold(used.digest, false_alarms)
        recording = open_recording(path, channel, fs)
        out.mkdir(parents=True, exist_ok=True)
        facts = study.scan(recording, used, out, machine, teller)
        events = detect(out, facts, used.card, threshold)
        onset = trend(out, facts, used.card)
        written = write_events(out, facts, events, threshold)
    except KeyboardInterrupt:
        teller.end("stopped")
        print(f"Stopped. What was done is kept in {out}: run the same again to go on.", file=sys.stderr)
        raise typer.Exit(STOPPED) from None
    except Exception as error:
        teller.end("failed", str(error))
        if isinstance(error, OSError) and error.errno is not None:
            raise no_place(out, error) from None
        raise
    teller.end("done")
    _print_scan(facts, events, threshold, onset)
    print(f"wrote {study.windows_path(out, facts.key)}\nwrote {written}")


def alarms(
    network: Annotated[str, typer.Argument(metavar="NAME", help="Which network; `list` shows them.")],
    hours: Annotated[float, typer.Option(metavar="HOURS", help="Of simulated healthy recordings.")] = 1.0,
) -> None:
    """Count a network's false alarms on healthy hours, for `scan`; they are kept beside the networks."""
    from cbam_viz.network.checkpoint import read_network
    from cbam_viz.studies.scan_events import CURVES, measure_alarms, write_alarms

    used = read_network(network)
    found = measure_alarms(used, hours, lambda done, machines: _on_one_line(f"{done} of {machines} machines"))
    write_alarms(network, used.digest, found)
    print(f"{'level':>6}{'simulated, an hour':>20}{'below':>10}{'measured':>10}{'below':>10}")
    for rows in zip(
        found.simulated.levels,
        found.simulated.an_hour,
        found.simulated.most_an_hour,
        found.measured.alarms,
        found.measured.most_an_hour,
        strict=True,
    ):
        print("{:6g}{:20.3g}{:10.3g}{:10d}{:10.3g}".format(*rows))
    print(f"wrote {CURVES}")


class _Teller:
    """Tells how far a scan is: on one line of a terminal, and in a file that is always whole."""

    def __init__(self, file: Path | None) -> None:
        self._file, self._told = file, 0.0
        self._known: dict[str, Any] = {"state": "reading", "done_s": 0.0, "all_s": 0.0, "rate": 0.0}
        self._write()

    def __call__(self, progress: "Progress") -> None:
        """Take note, and tell from time to time."""
        self._known |= {
            "state": "running",
            "done_s": progress.done_s,
            "all_s": progress.all_s,
            "rate": progress.rate,
        }
        if time.monotonic() - self._told > TELL_S:
            self._told = time.monotonic()
            left = f", {progress.left_s:.0f} s left" if progress.rate else ""
            _on_one_line(
                f"{progress.done_s:.0f} of {progress.all_s:.0f} s of the recording, {progress.rate:.0f} times as fast"
                f"{left}"
            )
            self._write()

    def end(self, state: str, advice: str = "") -> None:
        """Tell how it ended."""
        self._known |= {"state": state, "advice": advice}
        _on_one_line("", end=True)
        self._write()

    def _write(self) -> None:
        """Keep the file."""
        if self._file:
            unfinished = self._file.with_name(f".{self._file.name}.part")
            try:
                unfinished.write_text(json.dumps(self._known), encoding="utf-8")
                unfinished.replace(self._file)
            except OSError as error:
                raise no_place(self._file, error) from None


def _on_one_line(words: str, end: bool = False) -> None:
    """Show words in place of those before, where a person looks."""
    if sys.stderr.isatty():
        print(f"\r{words:78}", end="\r" if end else "", file=sys.stderr, flush=True)


def _limit(megabytes: float) -> None:
    """Let this process have no more memory of its own."""
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (int(megabytes * 1e6), resource.RLIM_INFINITY))


def _print_scan(facts: "ScanFacts", events: "tuple[Event, ...]", threshold: "Threshold", onset: "Onset | None") -> None:
    """Say what was found, and what it rests on."""
    from cbam_viz.studies.scan_words import say_left_out, say_onset, say_scan, say_threshold

    print(say_scan(facts, events))
    for said in (*say_onset(onset), *say_left_out(facts), *say_threshold(threshold)):
        print(said)
    if events:
        print(f"{'start (s)':>12}{'end (s)':>12}  {'class':14}{'probability':>12}{'windows':>9}")
    for event in events:
        print(
            f"{event.start_s:12.3f}{event.end_s:12.3f}  {facts.classes[event.label]:14}"
            f"{event.probability:12.3f}{event.windows:9d}"
        )
