"""The threshold: a slider in the metric's own unit, which keeps its meaning when the metric changes."""

from __future__ import annotations

import math

import streamlit as st

from core.score import Scorer

from . import state
from .text import t

THRESHOLD_STEPS = 200


def threshold_slider(scorer: Scorer, bounds: tuple[float, float], normalize: bool) -> float:
    """The threshold in the metric's own unit; its default lets everything pass.

    Changing the metric changes the unit: on unit vectors the value is converted, so that the same items pass; else it
    goes back to the default.
    """
    low, high = bounds
    step = 0.01 if high - low <= 2 else float(f"{(high - low) / THRESHOLD_STEPS:.1g}")
    low, high = _outward(low, step, -1), _outward(high, step, +1)
    default = low if scorer.keeps == "above" else high
    wanted = _in_new_unit((scorer.key, normalize), default)
    if wanted is not None:
        wanted = min(high, max(low, round(wanted, 2)))
        state.choose("threshold", wanted)
    state.keep_within("threshold", low, high)
    value = st.slider(
        t(f"knob.threshold_{scorer.keeps}", unit=scorer.unit),
        low,
        high,
        default,
        step,
        key="threshold",
        help=t("help.threshold"),
        bind="query-params",
        persist_state="session",
    )
    if wanted is not None and abs(value - wanted) > step:  # a slider of a new range first takes what the address says
        state.swap("threshold_waiting", wanted)
        st.rerun()
    return value


def _in_new_unit(now: tuple[str, bool], default: float) -> float | None:
    """The value to set because the metric has changed, None where it has not."""
    before = state.swap("threshold_metric", now)
    waiting: float | None = state.swap("threshold_waiting", None)
    old = state.chosen("threshold")
    if waiting is not None or before is None or before == now or old is None:
        return waiting
    value = converted(float(old), before[0], now[0]) if before[1] and now[1] else None
    return default if value is None else value


def converted(value: float, before: str, after: str) -> float | None:
    """A threshold on unit vectors in another metric's unit (d^2 = 2 - 2 cos); None where it has none."""
    similar = ("cosine", "dot")
    if before in similar and after in similar:
        return value
    if before in similar and after == "euclidean":
        return math.sqrt(max(0.0, 2 - 2 * value))
    if before == "euclidean" and after in similar:
        return 1 - value * value / 2
    return None


def _outward(value: float, step: float, direction: int) -> float:
    steps = value / step
    return round((math.floor(steps + 1e-9) if direction < 0 else math.ceil(steps - 1e-9)) * step, 10)
