"""A reader for the tests of `apart`: what a file is named after happens."""

import os
import time
from contextlib import contextmanager

import numpy as np

from cbam_viz.errors import InputError
from cbam_viz.signals.readers import apart_server
from cbam_viz.signals.readers.apart_server import Stored
from cbam_viz.signals.signal import Channel

KIND = "a rogue's file"
apart_server.PROCESSOR_SECONDS = 1  # in the child alone


def list_channels(path):
    """One channel, if it comes to that."""
    match path.stem:
        case "crash":
            os.abort()
        case "hang":
            while True:
                pass
        case "greed":
            np.ones(600_000_000, np.uint8)
        case "bug":
            raise ZeroDivisionError("by rogue")
        case "advice":
            raise InputError("A file must be good, but it is not. Take another.")
        case "talk":
            os.write(1, b"a library says something\n")
    return (Channel(f"of process {os.getpid()}", 3, impacts=(1, 2)),)


@contextmanager
def open_channel(path, name):
    """Three samples in two parts; the second part may end the process."""

    def parts():
        yield np.arange(2.0)
        if path.stem == "half":
            os.abort()
        if path.stem == "late":
            time.sleep(0.2)
        yield np.arange(4.0)[2::2]

    yield Channel("x", 3), Stored("<f8", 3, parts())
