"""The circuits that ship are those of the papers, as their closed forms say."""

import numpy as np
import pytest
from scipy import optimize
from scipy import signal as dsp

from cbam_viz.errors import InputError
from cbam_viz.physics.circuits import CIRCUITS, Circuit, OpAmp, Part, Pulse, find_ambiguous, find_circuit

SALLEN_KEY, BIQUAD, TOW_THOMAS = (find_circuit(name) for name in ("sallen-key", "biquad", "tow-thomas"))


def gain(circuit, hertz, values=None):
    """Complex closed-form gain at some frequencies."""
    num, den = circuit.transfer(dict(zip(circuit.names, circuit.nominal if values is None else values, strict=True)))
    return dsp.freqs(num, den, 2 * np.pi * np.atleast_1d(hertz))[1]


def natural(circuit):
    """f0 in Hz and Q: the denominator is s² + s w0/Q + w0²."""
    _, (one, middle, last) = circuit.transfer(dict(zip(circuit.names, circuit.nominal, strict=True)))
    return np.sqrt(last / one) / 2 / np.pi, np.sqrt(last * one) / middle


def test_sallen_key_is_the_paper_s():
    """f0 26.0 kHz, peak gain 1.200, -3 dB at 10.6 and 63.4 kHz (Aminian, Aminian & Collins 2002)."""
    f0, _ = natural(SALLEN_KEY)
    edges = [
        optimize.brentq(lambda hertz: abs(gain(SALLEN_KEY, hertz)[0]) - 1.2 / np.sqrt(2), low, high)
        for low, high in ((1e3, 26e3), (26e3, 1e6))
    ]

    assert f0 == pytest.approx(26.0e3, rel=2e-3)
    assert abs(gain(SALLEN_KEY, f0)[0]) == pytest.approx(1.2, rel=1e-3)
    assert edges == pytest.approx([10.6e3, 63.4e3], rel=5e-3)


def test_biquad_is_the_paper_s():
    """f0 10.1 kHz, Q 1.97, peak 2.035 at 10.83 kHz, -3 dB at 6.80 kHz, and 1 far above (the same paper)."""
    hertz = np.linspace(5e3, 20e3, 15_001)
    found = abs(gain(BIQUAD, hertz))

    assert natural(BIQUAD) == pytest.approx((10.1e3, 1.97), rel=5e-3)
    assert (found.max(), hertz[found.argmax()]) == pytest.approx((2.035, 10.83e3), rel=1e-3)
    assert hertz[np.argmax(found > np.sqrt(0.5))] == pytest.approx(6.80e3, rel=5e-3)
    assert abs(gain(BIQUAD, 1e9)[0]) == pytest.approx(1)


def test_tow_thomas_is_what_it_states():
    """f0 10.6 kHz, Q 1.5 and a gain of 1 at 0 Hz, each by the textbook's own formula."""
    assert natural(TOW_THOMAS) == pytest.approx((1 / (2 * np.pi * 10e3 * 1.5e-9), 1.5))
    assert natural(TOW_THOMAS)[0] == pytest.approx(10.6e3, rel=2e-3)
    assert gain(TOW_THOMAS, 1e-3)[0] == pytest.approx(1.0, abs=1e-6)


def test_biquad_with_r3_off_is_not_the_textbook_high_pass():
    """With R3 +50 % the gain at 1 kHz is several times that of -s²/den, which holds only for R1 = R2 = R3."""
    values = BIQUAD.values("R3", 0.5)
    _, den = BIQUAD.transfer(dict(zip(BIQUAD.names, values, strict=True)))
    textbook = dsp.freqs([-1.0, 0.0, 0.0], den, [2 * np.pi * 1e3])[1]

    assert abs(gain(BIQUAD, 1e3, values)[0] / textbook[0]) > 3


@pytest.mark.parametrize("circuit", CIRCUITS.values(), ids=CIRCUITS)
def test_ambiguity_groups_follow_from_the_transfer_function(circuit):
    """What a circuit declares is what its closed form gives, as far as its classes go."""
    found = {frozenset(group) & set(circuit.faulty) for group in find_ambiguous(circuit)}

    assert {group for group in found if len(group) > 1} == {frozenset(group) for group in circuit.ambiguous}


@pytest.mark.parametrize("circuit", CIRCUITS.values(), ids=CIRCUITS)
def test_all_other_faults_change_the_response_in_ways_of_their_own(circuit):
    """At ±50 %, classes of different groups differ by at least 1 % of the pulse somewhere in the response."""
    grid = np.arange(round(circuit.duration_s / 50e-9)) * 50e-9
    responses = {}
    for fault in circuit.faults:
        values = dict(zip(circuit.names, circuit.values(fault.part, 0.5 * fault.sign), strict=True))
        _, response, _ = dsp.lsim(circuit.transfer(values), circuit.pulse.at(grid), grid)
        responses.setdefault(circuit.merge_class(fault.key), response)
    keys = list(responses)

    for place, key in enumerate(keys):
        for other in keys[place + 1 :]:
            assert abs(responses[key] - responses[other]).max() > 0.05, (key, other)


def test_classes_are_the_papers():
    """9 of the Sallen-Key, 13 of the biquad, of which two are not told from two others."""
    assert SALLEN_KEY.classes == ("normal", "C1+", "C1-", "C2+", "C2-", "R2+", "R2-", "R3+", "R3-")
    assert len(BIQUAD.classes) == len(TOW_THOMAS.classes) == 13
    assert len({BIQUAD.merge_class(key) for key in BIQUAD.classes}) == 11
    assert BIQUAD.merge_class("R4-") == "C2-"


def test_a_pulse_has_straight_edges():
    """Half of its height at the middle of each edge, all of it between them, nothing outside."""
    pulse = Pulse(volts=4.0, width_s=10.0, rise_s=2.0, fall_s=6.0, delay_s=3.0)

    np.testing.assert_allclose(pulse.at(np.array([0, 3, 4, 5, 15, 18, 21, 30.0])), [0, 0, 2, 4, 4, 2, 0, 0])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Pulse(rise_s=0.0), "A pulse has a height other than 0 V, a width, a rise and a fall above 0 s"),
        (lambda: Pulse(delay_s=-1.0), "and a delay from 0 s on, but 5 V"),
        (lambda: OpAmp(gbw_hz=-1.0), "An op-amp has a gain above 1, a gain-bandwidth product"),
        (lambda: find_circuit("twin-t"), "A circuit is one of biquad, sallen-key, tow-thomas, but 'twin-t' was given."),
    ],
)
def test_what_can_not_be_is_refused(make, said):
    """A pulse without an edge, an op-amp without gain and an unknown circuit get one sentence."""
    with pytest.raises(InputError, match=said):
        make()


@pytest.mark.parametrize(
    ("netlist", "faulty", "ambiguous", "said"),
    [
        ("R1 in out {R1}\nC9 out 0 {C9}", ("R1",), (), "in low-pass C9 is used in its netlist but not declared"),
        ("R1 in out 1k", (), (), "R1 is declared but in no line of its netlist"),
        ("R1 in out {R1}", ("R2",), (), "R2 is faulty but not declared"),
        ("R1 in out {R1}", (), (("R1", "R1"),), "R1 is ambiguous but not faulty"),
    ],
)
def test_a_declaration_fits_together(netlist, faulty, ambiguous, said):
    """Netlist, parts, faults and groups name the same parts."""
    with pytest.raises(InputError, match=said):
        Circuit(
            "low-pass", "", netlist, (Part.resistor("R1", 1e3),), Pulse(), "out", 1e-4, 1e-6, faulty, ambiguous, None
        )
