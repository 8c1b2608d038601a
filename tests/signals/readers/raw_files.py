"""Raw files as LTspice and ngspice write them, after the description in LTspice's help and ngspice's manual."""

import numpy as np


def write_raw(path, times, traces, kind="ltspice", plot="Transient Analysis", flags="real"):
    """Write times and {name: (T,) volts} as ``ltspice`` (UTF-16, 32 bit), ``double`` (64 bit) or ``text``."""
    names = ["time", *traces]
    kinds = ["time", *("voltage" if name[0] in "Vv" else "device_current" for name in traces)]
    variables = "".join(
        f"\t{number}\t{name}\t{kind}\n" for number, (name, kind) in enumerate(zip(names, kinds, strict=True))
    )
    head = (
        f"Title: * x.asc\nDate: Wed Nov 25 14:28:18 2026\nPlotname: {plot}\nFlags: {flags}\n"
        f"No. Variables: {len(names)}\nNo. Points: {len(times)}\nOffset:   0.0\nVariables:\n{variables}"
    )
    columns = np.stack([times, *traces.values()], axis=1)
    if kind == "text":
        rows = "".join(
            f"{number}\t" + "".join(f"\t{value:.15e}\n" for value in row) for number, row in enumerate(columns)
        )
        path.write_text(f"{head}Values:\n{rows}", encoding="utf-8")
    elif kind == "double":
        path.write_bytes(f"{head}Binary:\n".encode() + columns.astype("<f8").tobytes())
    else:
        row = np.dtype([("time", "<f8"), ("rest", "<f4", len(traces))])
        body = np.zeros(len(times), row)
        body["time"], body["rest"] = times, columns[:, 1:]
        path.write_bytes(f"{head}Binary:\n".encode("utf-16-le") + body.tobytes())
