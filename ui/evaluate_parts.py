"""What every part of the Evaluate page draws with: a picture, and a metric's name."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from core.registry import stage


def at(metric: str, k: int) -> str:
    """ "Recall@10" """
    return f"{stage('metrics').get(metric).label}@{k}"


def chart(figure: go.Figure, key: str) -> None:
    """A picture in the page's own look."""
    st.plotly_chart(figure, key=f"evaluate-{key}", theme=None, width="stretch", config={"displayModeBar": False})
