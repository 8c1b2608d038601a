"""ngspice gives what the closed forms give, on one grid, and one bad run spoils no other."""

import time
from dataclasses import replace

import numpy as np
import pytest
from scipy import signal as dsp

from cbam_viz.errors import InputError
from cbam_viz.physics.circuits import CIRCUITS, IDEAL, ONE_POLE, Circuit, Part, Pulse, find_circuit
from cbam_viz.physics.closed_form import closed_form_response, compare_with_closed_form
from cbam_viz.physics.ngspice import simulate_frequency_responses, simulate_responses

RC = Circuit(
    name="rc",
    title="RC low-pass",
    netlist="R1 in out {R1}\nC1 out 0 {C1}",
    parts=(Part.resistor("R1", 1e3), Part.capacitor("C1", 10e-9)),
    pulse=Pulse(),
    output="out",
    duration_s=60e-6,
    step_s=0.5e-6,
    faulty=("R1", "C1"),
    ambiguous=(("R1", "C1"),),
    transfer=lambda values: (np.array([1.0]), np.array([values["R1"] * values["C1"], 1.0])),
)
"""A fourth circuit is one declaration."""
SALLEN_KEY = find_circuit("sallen-key")
EVERY = pytest.mark.parametrize("circuit", [RC, *CIRCUITS.values()], ids=["rc", *CIRCUITS])


def drawn(circuit, count=4):
    """Values of some runs within 40 % of nominal, and the nominal ones; (N, P) array."""
    off = np.random.default_rng(5).uniform(0.6, 1.4, (count, len(circuit.parts)))
    return np.vstack([circuit.nominal, circuit.nominal * off])


def closed_forms(circuit, values):
    """Numerator and denominator for each row of values."""
    return [circuit.transfer(dict(zip(circuit.names, row, strict=True))) for row in values]


def linear(circuit, values, pulse):
    """Response of the closed form to a pulse, by scipy's lsim; (N, T) array."""
    return np.array([closed_form_response(circuit, row, pulse) for row in values])


@EVERY
def test_frequency_response_is_the_closed_form(circuit):
    """With ideal op-amps the gain agrees within 0.5 % from 100 Hz to 1 MHz, also for values far off nominal."""
    values = drawn(circuit)
    found = simulate_frequency_responses(circuit, values, opamp=IDEAL)
    expected = np.array([dsp.freqs(*form, 2 * np.pi * found.hertz)[1] for form in closed_forms(circuit, values)])

    assert found.status == ("ok",) * len(values)
    assert found.hertz[[0, -1]] == pytest.approx([100, 1e6], rel=0.05)
    np.testing.assert_allclose(found.gain, expected, rtol=0.005)


@EVERY
@pytest.mark.parametrize(
    "pulse", [Pulse(), Pulse(volts=2, rise_s=1e-6, fall_s=10e-6, delay_s=3e-6)], ids=["own", "slow"]
)
def test_pulse_response_is_that_of_the_closed_form(circuit, pulse):
    """With ideal op-amps it agrees with scipy's lsim within 0.1 % of its peak, for steep and for slow edges."""
    values = drawn(circuit)
    found = simulate_responses(circuit, values, pulse=pulse, opamp=IDEAL)
    expected = linear(circuit, values, pulse)

    assert found.status == ("ok",) * len(values)
    np.testing.assert_allclose(found.volts, expected, atol=1e-3 * abs(expected).max())


@pytest.mark.parametrize(("name", "share"), [("sallen-key", 0.02), ("biquad", 0.03), ("tow-thomas", 0.01)])
def test_a_real_op_amp_differs_a_little(name, share):
    """The one-pole op-amp of 10 MHz moves the response by some per cent of its peak, far more than ngspice errs."""
    found = compare_with_closed_form(find_circuit(name))

    assert found.ideal_v < 5e-4 * found.peak_v
    assert 5 * found.ideal_v < found.opamp_v < share * found.peak_v


@pytest.mark.parametrize("name", ["biquad", "tow-thomas"])
@pytest.mark.parametrize("off", [0.5, -0.5])
def test_only_the_op_amps_own_resistance_tells_an_ambiguous_pair(name, off):
    """C2 and R4 off by the same are one waveform; the output resistance of op-amps parts them by less than 1 mV."""
    circuit = find_circuit(name)
    values = np.array([circuit.values(part, off) for part in circuit.ambiguous[0]])
    parted = [
        abs(np.diff(simulate_responses(circuit, values, opamp=opamp).volts, axis=0)).max()
        for opamp in (ONE_POLE, replace(ONE_POLE, rout=0.0), IDEAL)
    ]

    assert parted[0] < 1e-3
    assert parted[1] < 1e-5
    assert parted[2] < 1e-4  # steps of the simulator


def test_a_faster_op_amp_is_nearer_to_the_ideal_one():
    """The difference from the closed form falls as the gain-bandwidth product grows."""
    values = np.tile(SALLEN_KEY.nominal, (3, 1))
    opamps = [replace(ONE_POLE, gbw_hz=gbw) for gbw in (3e6, 10e6, 30e6)]
    off = abs(
        simulate_responses(SALLEN_KEY, values, opamp=opamps).volts - linear(SALLEN_KEY, values, SALLEN_KEY.pulse)
    ).max(axis=1)

    assert off[0] > 2 * off[1] > 4 * off[2] > 0


def test_the_grid_is_the_circuit_s_whatever_was_simulated():
    """Fixed and uniform, for any values and any step of the simulator."""
    for step in (None, 3e-6):
        found = simulate_responses(SALLEN_KEY, drawn(SALLEN_KEY), step_s=step)
        np.testing.assert_array_equal(found.times, np.arange(240) * 0.5e-6)
        assert found.volts.shape == (5, 240)


def test_each_run_has_its_own_pulse():
    """A delayed pulse gives the same response later."""
    values = np.tile(RC.nominal, (2, 1))
    found = simulate_responses(RC, values, pulse=[Pulse(), Pulse(delay_s=5e-6)]).volts

    np.testing.assert_allclose(found[1, 10:], found[0, :-10], atol=2e-3)
    np.testing.assert_allclose(found[1, :10], 0, atol=1e-9)


def test_runs_keep_their_order_and_tell_their_progress():
    """Over several processes, each row is the response to its own values; progress ends at all of them."""
    values = RC.nominal * np.linspace(0.5, 1.5, 60)[:, None]
    told = []
    found = simulate_responses(RC, values, progress=lambda done, count: told.append((done, count)))

    assert (np.diff(found.volts[:, 5]) < 0).all()  # a larger RC rises later
    assert told == sorted(told)
    assert told[-1] == (60, 60)


def test_no_runs_give_no_rows():
    """Nothing asked, nothing simulated."""
    assert simulate_responses(RC, np.empty((0, 2))).volts.shape == (0, 120)


def test_one_run_is_fast_enough_to_be_live():
    """From values to volts in less than 0.15 s, at the best of some tries."""
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        simulate_responses(SALLEN_KEY, SALLEN_KEY.nominal[None])
        taken.append(time.perf_counter() - start)

    assert min(taken) < 0.15


BROKEN = """\
V9 harm 0 {HARM}
B1 broken 0 V = v(out) > v(harm) ? exp(1000*v(broken)) - 2*v(broken) + 1 : 0
R9 broken 0 1k"""
ENDLESS = """\
V9 x 0 PULSE(0 1 0 {HARM} {HARM} {HARM} {4*HARM})
R9 x 0 1k
.options minbreak=1e-18"""


def with_harm(lines):
    """The RC low-pass with lines that do harm for some values of a part called HARM."""
    return replace(
        RC, netlist=f"{RC.netlist}\n{lines}", parts=(*RC.parts, Part("HARM", 1.0, 0.1, "Ω")), faulty=(), ambiguous=()
    )


def test_a_run_that_does_not_converge_is_kept_with_its_status():
    """Its row is NaN and its status names the cause; those before and after it are what they are without it."""
    circuit = with_harm(BROKEN)
    found = simulate_responses(circuit, np.array([[1e3, 1e-8, 100], [1e3, 1e-8, 1], [1e3, 1e-8, 100]]))

    assert [status == "ok" for status in found.status] == [True, False, True]
    assert "Timestep too small" in found.status[1]
    assert np.isnan(found.volts[1]).all()
    np.testing.assert_allclose(
        found.volts[[0, 2]], simulate_responses(RC, np.tile(RC.nominal, (2, 1))).volts, atol=0.01
    )


def test_a_run_that_hangs_ends_in_time():
    """A source with an edge every picosecond would take minutes to follow: it is given up, and the others go on."""
    circuit = with_harm(ENDLESS)
    values = np.array([[1e3, 1e-8, 1e-3], [1e3, 1e-8, 1e-12], [1e3, 1e-8, 1e-3]])
    start = time.perf_counter()
    found = simulate_responses(circuit, values, timeout_s=1.0)

    assert time.perf_counter() - start < 8
    assert found.status == ("ok", "ngspice was not done within 1 s", "ok")
    assert np.isnan(found.volts[1]).all()
    assert np.isfinite(found.volts[[0, 2]]).all()


def test_a_wrong_output_is_a_status():
    """A node that is not in the netlist gives no result, and the status says so."""
    (status,) = simulate_responses(replace(RC, output="nowhere"), RC.nominal[None]).status

    assert "nowhere is not available" in status


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([[1e3, 0.0]], "The value of a part is above 0, but C1 is 0 F. Give one near its nominal 1e-08 F."),
        ([[-5.0, 1e-8]], "The value of a part is above 0, but R1 is -5 Ω."),
        ([[np.nan, 1e-8]], "The value of a part is above 0, but R1 is nan Ω."),
        ([[1e3]], r"A run of rc needs a value for each of R1, C1, but the values have the shape \(1, 1\)."),
    ],
)
def test_values_that_no_part_has_are_refused(values, said):
    """0, negative, NaN or too few values get one sentence, before anything runs."""
    with pytest.raises(InputError, match=said):
        simulate_responses(RC, np.array(values))


def test_without_ngspice_one_sentence_says_how_to_install_it(monkeypatch, tmp_path):
    """Where no such program is found, that is said, and what to type."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match=r"but it is not installed here\. Install it: apt-get install ngspice"):
        simulate_responses(RC, RC.nominal[None])
