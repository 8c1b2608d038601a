"""What it costs to read 50 MB of an array file, against the bare read of the format's own library.

The reader lists the channels, reads one as it stands in the file, and may do so in a child process, so the clock on the
wall counts.
"""

import time

import h5py
import numpy as np
import pyarrow as pa
import pytest
import pyuff
from nptdms import ChannelObject, TdmsFile, TdmsWriter
from pyarrow import feather, parquet

from cbam_viz.signals import readers

COUNT = 6_250_000
"""Samples of 8 bytes: 50 MB."""
TEXT_COUNT = 625_000
"""Samples of 20 letters: 12.5 MB, for pyuff takes its time."""


def noise(count=COUNT):
    """Samples that hardly pack."""
    return np.random.default_rng(0).normal(size=count)


def write_hdf5(path, samples, **options):
    """One dataset."""
    with h5py.File(path, "w") as file:
        file.create_dataset("x", data=samples, **options)


def write_tdms(path, samples):
    """Fifty segments."""
    with TdmsWriter(path) as writer:
        for part in np.array_split(samples, 50):
            writer.write_segment([ChannelObject("g", "x", part)])


def write_uff(path, samples, binary):
    """A time response between two others of which nobody asked."""
    told = {"type": 58, "func_type": 1, "rsp_node": 1, "rsp_dir": 1, "ref_node": 0, "ref_dir": 0, "abscissa_spacing": 1}
    told |= {"abscissa_spec_data_type": 17, "ordinate_spec_data_type": 12, "orddenom_spec_data_type": 0}
    told |= {"binary": binary, "data": samples, "x": np.arange(len(samples)) / 1e3}
    pyuff.UFF(str(path)).write_sets([told])


def read_hdf5(path):
    """As h5py gives it."""
    with h5py.File(path) as file:
        return file["x"][()]


def read_tdms(path):
    """As npTDMS gives it."""
    with TdmsFile.open(path) as file:
        return file["g"]["x"][:]


WAYS = {
    "plain.h5": (write_hdf5, {}, read_hdf5),
    "chunked.h5": (write_hdf5, {"chunks": (1 << 16,)}, read_hdf5),
    "packed.h5": (write_hdf5, {"chunks": (1 << 16,), "compression": "gzip", "shuffle": True}, read_hdf5),
    "x.tdms": (write_tdms, {}, read_tdms),
    "binary.uff": (write_uff, {"binary": 1}, lambda path: pyuff.UFF(str(path)).read_sets(0)["data"]),
    "text.uff": (write_uff, {"binary": 0}, lambda path: pyuff.UFF(str(path)).read_sets(0)["data"]),
    "snappy.parquet": (
        lambda path, samples: parquet.write_table(pa.table({"x": samples}), path),
        {},
        lambda path: parquet.read_table(path)["x"].to_numpy(),
    ),
    "lz4.feather": (
        lambda path, samples: feather.write_feather(pa.table({"x": samples}), path),
        {},
        lambda path: feather.read_table(path)["x"].to_numpy(),
    ),
    "plain.feather": (
        lambda path, samples: feather.write_feather(pa.table({"x": samples}), path, compression="uncompressed"),
        {},
        lambda path: feather.read_table(path, memory_map=False)["x"].to_numpy(),
    ),
}


@pytest.mark.parametrize("name", WAYS)
def test_reading_against_the_bare_library(compare, tmp_path, name):
    """The reader gives what the library gives, in hardly more time."""
    write, options, read = WAYS[name]
    path, samples = tmp_path / name, noise(TEXT_COUNT if name == "text.uff" else COUNT)
    write(path, samples, **options)
    reader = readers._reader(path)

    np.testing.assert_array_equal(reader.read_channel(path, None)[1], read(path))
    compare(
        f"Reading {name} of {path.stat().st_size / 1e6:.0f} MB",
        {"bare library": lambda: read(path), "reader": lambda: reader.read_channel(path, None)},
        aim="at most 1.2",
        clock=time.perf_counter,
    )
