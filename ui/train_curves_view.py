"""The two curves of a training, side by side."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from . import state
from .figures import train_curves
from .jobs import Point
from .text import t


def curves(points: Sequence[Point], total: int, best: int, *, ended: bool) -> None:
    """Loss and validation recall. total: epochs on the axis. best: the epoch that is kept. ended: by early stopping."""
    loss, recall = st.columns(2, gap="large")
    epochs, dark = [point.epoch for point in points], state.is_dark()
    with loss:
        st.markdown(f"## {t('train.loss')}")
        _chart(train_curves.loss(epochs, [point.loss for point in points], total, best, dark), "loss")
        st.caption(t("train.loss_caption"))
    with recall:
        st.markdown(f"## {t('train.recall')}")
        found = [point.recall for point in points]
        if all(value != value for value in found):
            st.info(t("train.no_validation"))
            return
        baseline = points[-1].baseline
        _chart(train_curves.recall(epochs, found, total, best, baseline, dark, ended=ended), "recall")
        st.caption(t("train.recall_caption"))


def _chart(figure: go.Figure, key: str) -> None:
    st.plotly_chart(figure, key=f"train-{key}", theme=None, width="stretch", config={"displayModeBar": False})
