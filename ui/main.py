"""The script behind every page: page config, navigation, data set, the page, and the part of it that moves."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui import import_report, page_start, state
from ui.nav import navigation
from ui.text import t

ASSETS = Path(__file__).parent.parent / "assets"


def draw() -> None:
    """Find the page that was asked for, set the frame around it, and run it."""
    page = navigation()
    icon = str(ASSETS / "icon.png")
    st.set_page_config(page_title=f"{page.title} · {t('app.title')}", page_icon=icon, layout="wide")
    st.logo(str(ASSETS / ("logo-dark.svg" if state.is_dark() else "logo.svg")), size="large")
    if state.is_dark():
        st.html(ASSETS / "dark.css")
    import_report.take_up()
    page_start.pick_dataset()
    page.run()
    view = state.take_view()
    if view is not None:
        view()


if __name__ == "__main__":
    draw()
