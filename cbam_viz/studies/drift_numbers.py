"""The numbers of a circuit whose parts drift, to take away: JSON, CSV and Parquet."""

import io
import json
from typing import Any

import numpy as np
import pandas as pd

from cbam_viz.analysis.diagnosis import trace_diagnosis
from cbam_viz.analysis.drift import read_told
from cbam_viz.analysis.response import trace_response
from cbam_viz.network.card import Card
from cbam_viz.physics.circuits import find_circuit
from cbam_viz.studies.circuit import CircuitStudy, Drift, Setting
from cbam_viz.studies.explain import Explanation
from cbam_viz.studies.numbers import explanation_numbers
from cbam_viz.studies.words import say_verdict


def setting_numbers(setting: Setting) -> dict[str, Any]:
    """A setting and the values that follow from it."""
    names = find_circuit(setting.circuit).names
    return {
        "circuit": setting.circuit,
        "deviations_percent": {part: percent for part, percent in setting.deviations if percent},
        "draw": setting.draw,
        "snr_db": setting.snr_db,
        "values": dict(zip(names, setting.values.tolist(), strict=True)),
    }


def study_numbers(study: CircuitStudy) -> dict[str, Any]:
    """Every number of a circuit that was set, as plain values with their names."""
    found = study.explanation
    trace = trace_diagnosis(found.record, found.card, 0)
    return {
        "setting": setting_numbers(study.setting),
        "verdict": " ".join(say_verdict(trace)),
        "deviations_told": dict(zip(trace.classes, np.round(trace.deviations, 2).tolist(), strict=False)),
        "response": response_table(study).to_dict(orient="list"),
        "explanation": explanation_numbers(found),
    }


def study_json(study: CircuitStudy, drift: Drift | None = None) -> str:
    """`study_numbers` as JSON, with those of a sweep or a map where there is one."""
    numbers = study_numbers(study)
    if drift is not None:
        numbers["drift"] = drift_numbers(drift, study.explanation.card)
    return json.dumps(numbers, ensure_ascii=False) + "\n"


def response_table(study: CircuitStudy) -> pd.DataFrame:
    """The response as the network reads it, beside the nominal one, the band and Fisher's ratio: one sample a row."""
    found: Explanation = study.explanation
    block = next(number for number, each in enumerate(found.record.blocks) if each.spatial_attention.size)
    trace = trace_response(found.record, found.windows, found.card, study.band, block)
    return pd.DataFrame(
        {
            "us_since_the_pulse": trace.place.round(6),
            "volts": trace.measured,
            "nominal": trace.nominal,
            "sound_low": trace.low,
            "sound_high": trace.high,
            "fisher": trace.fisher,
        }
    )


def response_csv(study: CircuitStudy) -> str:
    """`response_table` as CSV."""
    return str(response_table(study).to_csv(index=False, lineterminator="\n", float_format="%.7g"))


def drift_table(drift: Drift, card: Card) -> pd.DataFrame:
    """A sweep or a map: one run a row, with where its parts stood, every value, and what the network says."""
    told = read_told(drift.record, card, drift.good)
    grid = np.stack(np.meshgrid(*[drift.percent] * len(drift.parts)), axis=-1).reshape(-1, len(drift.parts))
    columns: dict[str, Any] = {f"{part}_percent": grid[:, place].round(6) for place, part in enumerate(drift.parts)}
    names = find_circuit(drift.setting.circuit).names
    columns |= {name: drift.values[:, place] for place, name in enumerate(names)}
    columns |= {
        "status": drift.status,
        "named": [told.keys[number] if number >= 0 else "" for number in told.named],
        "deviation_told_percent": told.deviations.round(3),
    }
    columns |= {f"p_{key}": told.probabilities[:, number] for number, key in enumerate(told.keys)}
    return pd.DataFrame(columns)


def drift_numbers(drift: Drift, card: Card) -> dict[str, Any]:
    """`drift_table` as plain values; what is not known is null."""
    table = drift_table(drift, card)
    return {
        "parts": list(drift.parts),
        "setting": setting_numbers(drift.setting),
        "runs": json.loads(table.to_json(orient="records")),
    }


def drift_csv(drift: Drift, card: Card) -> str:
    """`drift_table` as CSV."""
    return str(drift_table(drift, card).to_csv(index=False, lineterminator="\n", float_format="%.7g"))


def drift_parquet(drift: Drift, card: Card) -> bytes:
    """`drift_table` as Parquet."""
    out = io.BytesIO()
    drift_table(drift, card).to_parquet(out, index=False)
    return out.getvalue()
