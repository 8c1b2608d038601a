"""What a campaign in ngspice costs, beside the closed forms of the same circuits."""

import numpy as np

from cbam_viz.datasets.circuits import Campaign, draw_campaign, simulate_draws
from cbam_viz.physics.circuits import find_circuit
from cbam_viz.physics.closed_form import closed_form_response

CAMPAIGN = Campaign("sallen-key", runs=12)


def closed_forms() -> None:
    """Every response by scipy's lsim, on a grid of 10 ns."""
    circuit = find_circuit("sallen-key")
    for draw in draw_campaign(CAMPAIGN):
        closed_form_response(circuit, np.array(draw.values), circuit.pulse)


def simulated() -> None:
    """Every response by ngspice."""
    simulate_draws(CAMPAIGN, draw_campaign(CAMPAIGN))


def test_a_campaign(compare):
    """9 × 12 runs of the Sallen-Key band-pass."""
    ways = {"closed forms": closed_forms, "ngspice": simulated}
    compare("108 responses of a Sallen-Key band-pass", ways, "9 × 200 of them in less than 90 s on two cores")
