"""What a schematic shows is the netlist that is simulated."""

import re
from itertools import pairwise

import pytest

from cbam_viz.physics.circuits import CIRCUITS


def _nets(drawing):
    """From a point to the name of all points that it is joined with."""
    joined = {}

    def root(point):
        while joined.setdefault(point, point) != point:
            point = joined[point]
        return point

    for wire in drawing.wires:
        for one, other in pairwise(wire):
            joined[root(one)] = root(other)
    for point in drawing.grounds:
        joined[root(point)] = root("0")
    return root


def _pins(drawing):
    """Each symbol with the nets at its pins."""
    net = _nets(drawing)
    parts = {name: (net(one), net(other)) for name, one, other in drawing.parts}
    amps = {(net(amp.plus), net(amp.minus), net(amp.output)) for amp in drawing.amps}
    return parts, amps, net(drawing.source), net(drawing.output)


@pytest.mark.parametrize("circuit", CIRCUITS.values(), ids=list(CIRCUITS))
def test_the_schematic_joins_what_the_netlist_joins(circuit):
    """There is one net for each node, and each part lies between the nodes that its line in the netlist names."""
    parts, amps, source, output = _pins(circuit.drawing)
    lines = [line.split() for line in circuit.netlist.splitlines() if not line.startswith("*")]
    drawn = [(line[1:3], parts[line[0]]) for line in lines if line[0] in parts]
    nets = {"in": source, circuit.output: output, "0": _nets(circuit.drawing)("0")}
    for _again in lines:  # what is known of one end tells the other
        for nodes, ends in drawn:
            for known, other in (nodes, nodes[::-1]):
                if nets.get(known) in ends:
                    nets.setdefault(other, ends[1 - ends.index(nets[known])])

    assert len(set(nets.values())) == len(nets)
    assert all({nets[node] for node in nodes} == set(ends) for nodes, ends in drawn)
    assert {tuple(nets[node] for node in line[1:4]) for line in lines if line[0].startswith("X")} == amps
    assert set(parts) == set(circuit.names)


@pytest.mark.parametrize("circuit", CIRCUITS.values(), ids=list(CIRCUITS))
def test_lines_run_along_or_down_the_page(circuit):
    """No wire and no part is drawn askew."""
    drawing = circuit.drawing
    lines = [(one, other) for _name, one, other in drawing.parts]
    lines += [pair for wire in drawing.wires for pair in pairwise(wire)]

    assert all((one[0] == other[0]) != (one[1] == other[1]) for one, other in lines)


@pytest.mark.parametrize("circuit", CIRCUITS.values(), ids=list(CIRCUITS))
def test_no_symbol_lies_on_another(circuit):
    """No two parts share a point but their ends, and the netlist's values are all in it."""
    places = [
        {(one[0] + (other[0] - one[0]) * step / 8, one[1] + (other[1] - one[1]) * step / 8) for step in range(1, 8)}
        for _name, one, other in circuit.drawing.parts
    ]

    assert sum(map(len, places)) == len(set().union(*places))
    assert len(re.findall(r"\{", circuit.netlist)) == len(circuit.drawing.parts)
