"""Signals as a person brings them, in a real browser: simulated, several at once, shown small before explained."""

import re

import numpy as np
from playwright.sync_api import expect

from cbam_viz.datasets.samples import SAMPLE_DATA


def verdict(page):
    """The line that says what the window is diagnosed as."""
    return page.get_by_test_id("stMain").get_by_role("heading").filter(has_text="next:")


def impacts(page):
    """What is said above the waveform of true impacts."""
    return page.locator(".st-key-spatial .annotation-text").filter(has_text="true impacts:")


def test_true_impacts_stand_above_a_simulated_signal(simulated):
    """A simulated inner-race fault is named, and its impacts are ticked and counted."""
    expect(verdict(simulated)).to_contain_text("Inner race")
    expect(impacts(simulated)).to_have_text([re.compile(r"true impacts: \d+")])
    ticks = simulated.locator(".st-key-spatial .shapelayer path").evaluate_all(
        "paths => Math.max(...paths.map(path => (path.getAttribute('d').match(/M/g) || []).length))"
    )
    assert ticks == int(re.search(r"\d+", impacts(simulated).text_content())[0])


def test_the_keyboard_moves_a_slider(simulated):
    """Without severity there is no damage: the verdict, the ticks and the address follow; the end brings it back."""
    severity = simulated.get_by_role("slider", name="Severity")
    severity.press("Home")
    expect(verdict(simulated)).to_contain_text("Healthy")
    expect(simulated).to_have_url(re.compile(r"severity=0\.0"))
    expect(impacts(simulated)).to_have_text(["true impacts: 0"])  # once the figure before it is gone

    severity.press("End")
    expect(verdict(simulated)).to_contain_text("Inner race")
    expect(simulated).not_to_have_url(re.compile("severity"))


def test_several_files_at_once(visit, tmp_path):
    """Of two files the first is shown small and explained, and the other is one choice away."""
    paths = []
    for name, fault in (("one.npz", "sim_outer_10db"), ("two.csv", "sim_ball_10db")):
        with np.load(SAMPLE_DATA / f"{fault}.npz") as sample:
            arrays = dict(sample)
        paths.append(tmp_path / name)
        if name.endswith(".npz"):
            np.savez(paths[-1], **arrays)
        else:
            times = np.arange(len(arrays["samples"])) / 12_000
            np.savetxt(
                paths[-1], np.stack([times, arrays["samples"]], 1), "%.6f", ",", header="time (s),acc (g)", comments=""
            )
    visit.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(paths)
    box = visit.get_by_role("combobox", name="Sample or upload")
    expect(box).to_have_value("one.npz")
    expect(verdict(visit)).to_contain_text("Outer race")
    expect(visit.get_by_text("1 channel · 12,000 Hz · 1 s")).to_be_visible()
    expect(visit.locator(".st-key-outline .main-svg").first).to_be_visible()

    box.click()
    visit.get_by_role("option", name="two.csv").click()
    expect(verdict(visit)).to_contain_text("Ball")
    expect(visit.get_by_role("spinbutton", name="Rate (Hz)")).to_have_value("12000")
