"""What are the gates of a circuit's network worth? The tests of `assess`, on a campaign that it never met.

A circuit has no impacts: in their place stands how well each instant parts the classes, which is of the circuit alone.
"""

from pathlib import Path

import numpy as np

from cbam_viz.analysis.randomisation import DRAWS as UNTRAINED
from cbam_viz.analysis.response import interpolate_band
from cbam_viz.datasets.circuit_bands import read_band
from cbam_viz.network.checkpoint import Network
from cbam_viz.network.trust_table import TrustTable
from cbam_viz.studies.circuit_plans import CircuitPlan
from cbam_viz.studies.circuit_set import prepare_campaign, say_campaign
from cbam_viz.studies.circuit_train import CAMPAIGNS, merge_labels
from cbam_viz.studies.gate_tests import DRAWS, JudgedSet, compare_gates, score_held, score_instants
from cbam_viz.studies.train import Progress


def assess_circuit(network: Network, plan: CircuitPlan, folder: Path, progress: Progress) -> TrustTable:
    """Test the gates of a circuit's network; each response is a recording of one window.

    Parameters
    ----------
    network : as it ships.
    plan : that it was made by.
    folder : where campaigns are kept.
    progress : called with what is being done and how far it is.

    Raises
    ------
    InputError
        If ngspice is not installed.
    """
    preparation = network.card.preparation
    responses = prepare_campaign(plan.judged, preparation, folder / CAMPAIGNS, progress)
    judged = JudgedSet(responses.inputs, merge_labels(plan, responses.labels), np.arange(len(responses)))
    seconds = (np.arange(preparation.window) - preparation.lead) / preparation.fs
    fisher = interpolate_band(read_band(plan.circuit_name), "fisher", seconds)
    rows = (
        *score_instants(network, judged, fisher),
        *score_held(network, judged, progress),
        *compare_gates(network, (), judged),
    )
    return TrustTable(_protocol(plan, judged), f"python -m cbam_viz assess {plan.name}", rows)


def _protocol(plan: CircuitPlan, judged: JudgedSet) -> tuple[str, ...]:
    """On what each test was made, as the card shows it."""
    return (
        f"Gates held, shuffled or moved: {len(judged.inputs)} responses that it never met ({say_campaign(plan.judged)})"
        f", {DRAWS} draws each (seed: number of the response).",
        f"Untrained networks: the same responses, {UNTRAINED} networks with weights drawn anew (seed 0).",
        "Instants that part the classes: the same responses, beside Fisher's ratio of the circuit's classes at each "
        "instant (sample_data/circuit_bands.npz); the control is M_s moved around the window by a tenth of it or more.",
        "Networks of other seeds were not trained.",
    )
