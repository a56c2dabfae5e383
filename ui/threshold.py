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
    now = (scorer.key, normalize)
    before = state.swap("threshold_metric", now)
    waiting = state.swap("threshold_waiting", None)
    if waiting is not None:
        state.choose("threshold", min(high, max(low, round(waiting, 2))))
    old = state.chosen("threshold")
    if old is not None:
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
    if waiting is None and before is not None and before != now and old is not None:
        _turn(float(old), before, now, default)
    return value


def _turn(old: float, before: tuple[str, bool], now: tuple[str, bool], default: float) -> None:
    """Set the value in the new unit, in a run of its own: a slider of another range first takes the address's value."""
    alike = before[1] and now[1]
    value = converted(old, before[0], now[0]) if alike else None
    state.swap("threshold_waiting", default if value is None else value)
    st.rerun()


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
