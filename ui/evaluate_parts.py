"""What every part of the Evaluate page draws with: a picture, a metric's name, the choice of a strategy."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from core.registry import stage

from . import controls, state
from .text import plain_markdown, t


def at(metric: str, k: int) -> str:
    """ "Recall@10" """
    return f"{stage('metrics').get(metric).label}@{k}"


def chart(figure: go.Figure, key: str) -> None:
    """A picture in the page's own look."""
    st.plotly_chart(figure, key=f"evaluate-{key}", theme=None, width="stretch", config={"displayModeBar": False})


def strategy(name: str, keys: tuple[str, ...], default: str) -> str:
    """One of the strategies that are compared, in the address under ``name``."""
    raw = state.url_value(name)
    if raw is not None and raw not in keys:
        st.warning(plain_markdown(t("notice.choice", name=name, given=raw, known=", ".join(keys))))
    return str(
        st.selectbox(
            t(f"evaluate.{name}") if name in ("a", "b") else controls.label(name),
            keys,
            index=keys.index(default),
            key=name,
            bind="query-params",
            persist_state="session",
        )
    )
