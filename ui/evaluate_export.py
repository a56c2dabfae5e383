"""An evaluation to take along: its table as CSV and JSON, and the command that gives the same numbers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.evaluate.types import Measure, Plan

from .evaluate_job import command_line
from .text import t

Board = Mapping[str, Mapping[str, Measure]]
HEAD = ("strategy", "metric", "k", "mean", "low", "high", "n")


def as_csv(board: Board, k: int) -> str:
    """Every measure of every strategy, one a line; undefined ones empty."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(HEAD)
    for strategy, measures in board.items():
        for metric, one in measures.items():
            figures = ["" if value != value else f"{value:.6g}" for value in (one.mean, one.low, one.high)]
            writer.writerow([strategy, metric, k, *figures, one.n])
    return sheet.getvalue()


def draw(plan: Plan, k: int, board: Callable[[], Board], answer: Callable[[], Mapping[str, Any]]) -> None:
    """The buttons. board: every metric; answer: what the command line prints with --json. Made when asked for."""
    name = f"evaluation-{plan.recipes[0].dataset}-{plan.protocol}-k{k}"
    with st.container(horizontal=True):
        st.download_button(
            t("evaluate.export_csv"),
            lambda: as_csv(board(), k).encode("utf-8-sig"),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            t("evaluate.export_json"),
            lambda: json.dumps(answer(), indent=2).encode(),
            file_name=f"{name}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.popover(t("evaluate.command"), icon=":material/terminal:"):
            st.code(command_line(plan, k), language="bash", wrap_lines=True)
