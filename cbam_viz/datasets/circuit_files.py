"""Campaigns in files: one Parquet, written piece by piece so that a killed campaign goes on where it was."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cbam_viz.datasets.circuits import Campaign, Runs, draw_campaign, simulate_draws
from cbam_viz.errors import InputError
from cbam_viz.physics.ngspice import OK, Progress

PIECE = 100
"""Runs in a piece: the most that a kill can lose."""
_CAMPAIGN, _STEP = b"campaign", b"step_s"


@dataclass(frozen=True, eq=False)
class Table:
    """A campaign as it stands in its file.

    Parameters
    ----------
    campaign : what was simulated.
    keys : (N,) array of text, class of each run.
    index : (N,) array, number of the run in its class.
    status : (N,) array of text, ``ok`` or why the run failed.
    deviations : (N,) array, drawn deviation of the faulty part, as a signed share; 0 for a sound circuit.
    values : (N, P) array, value of every part.
    times : (T,) array in s.
    volts : (N, T) array, NaN where a run failed.
    """

    campaign: Campaign
    keys: NDArray[np.str_]
    index: NDArray[np.int64]
    status: NDArray[np.str_]
    deviations: NDArray[np.float64]
    values: NDArray[np.float64]
    times: NDArray[np.float64]
    volts: NDArray[np.float32]


def simulate_campaign(campaign: Campaign, folder: Path, progress: Progress | None = None) -> Path:
    """Simulate a campaign into ``CIRCUIT.parquet`` of a folder, and give that path; what is there already stays.

    A campaign that was interrupted, even killed, goes on after its last piece.

    Parameters
    ----------
    campaign : what to simulate.
    folder : made if it is not there.
    progress : called with the number of runs that are done, and of all.

    Raises
    ------
    InputError
        If the folder holds another campaign of the circuit, no run succeeds, or ngspice is not installed.
    """
    path, pieces = folder / f"{campaign.circuit}.parquet", folder / f".{campaign.circuit}.pieces"
    told = {_CAMPAIGN: _told(campaign)}
    for found in (path, *sorted(pieces.glob("*.parquet"))[:1]):
        if found.exists() and pq.read_schema(found).metadata.get(_CAMPAIGN) != told[_CAMPAIGN]:
            raise InputError(
                f"A folder holds one campaign of a circuit, but {folder} has another of {campaign.circuit}: "
                f"{pq.read_schema(found).metadata.get(_CAMPAIGN, b'not known').decode()}. Give another folder."
            )
    if path.exists():
        return path
    pieces.mkdir(parents=True, exist_ok=True)
    draws = draw_campaign(campaign)
    files = []
    for start in range(0, len(draws), PIECE):
        files.append(pieces / f"{start:07d}.parquet")
        if not files[-1].exists():
            _write(_table(simulate_draws(campaign, draws[start : start + PIECE]), told), files[-1])
        if progress:
            progress(min(start + PIECE, len(draws)), len(draws))
    whole = pa.concat_tables(pq.read_table(file) for file in files)
    if OK not in set(status := whole["status"].to_pylist()):
        raise InputError(
            f"A campaign needs runs that converge, but none of {len(status)} of {campaign.circuit} did: {status[0]}. "
            "Check the netlist and the values of its parts."
        )
    _write(whole, path)
    shutil.rmtree(pieces)
    return path


def read_campaign(path: Path) -> Table:
    """A campaign, read back from its file."""
    table = pq.read_table(path)
    told = json.loads(table.schema.metadata[_CAMPAIGN]).items()
    facts: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in told}
    campaign = Campaign(**facts)
    circuit = campaign.recorded
    volts = table["volts"].combine_chunks()
    return Table(
        campaign=campaign,
        keys=np.array(table["key"].to_pylist()),
        index=table["index"].to_numpy(),
        status=np.array(table["status"].to_pylist()),
        deviations=table["deviation"].to_numpy(),
        values=np.stack([table[name].to_numpy() for name in circuit.names], axis=1),
        times=circuit.times,
        volts=volts.flatten().to_numpy(zero_copy_only=False).reshape(len(table), -1),
    )


def _table(runs: Runs, told: dict[bytes, bytes]) -> Any:
    """Runs as rows of Parquet: every value that was drawn, and the volts as one list."""
    draws, circuit = runs.draws, runs.circuit
    volts = runs.responses.volts.astype(np.float32)
    columns = {
        "key": pa.array([draw.key for draw in draws]),
        "index": pa.array([draw.index for draw in draws]),
        "status": pa.array(runs.responses.status),
        "deviation": pa.array([draw.deviation for draw in draws]),
        **{name: pa.array([draw.values[place] for draw in draws]) for place, name in enumerate(circuit.names)},
        "rise_s": pa.array([draw.pulse.rise_s for draw in draws]),
        "fall_s": pa.array([draw.pulse.fall_s for draw in draws]),
        "delay_s": pa.array([draw.pulse.delay_s for draw in draws]),
        "gbw_hz": pa.array([draw.opamp.gbw_hz for draw in draws]),
        "rout": pa.array([draw.opamp.rout for draw in draws]),
        "offset_v": pa.array([draw.offset_v for draw in draws]),
        "largest_step_s": pa.array([draw.step_s for draw in draws], pa.float64()),
        "volts": pa.FixedSizeListArray.from_arrays(pa.array(volts.ravel()), volts.shape[1]),
    }
    return pa.table(columns, metadata={**told, _STEP: repr(circuit.step_s).encode()})


def _write(table: Any, path: Path) -> None:
    """Write a file in one step, so that a kill leaves all of it or nothing."""
    part = path.with_suffix(".part")
    pq.write_table(table, part, compression="zstd")
    part.replace(path)


def _told(campaign: Campaign) -> bytes:
    """A campaign as text."""
    return json.dumps(asdict(campaign)).encode()
