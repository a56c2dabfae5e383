"""Recallscope: see, steer and explain the recall stage of a recommender. ``streamlit run app.py``."""

from pathlib import Path

import streamlit as st

from ui.nav import navigation
from ui.text import t

ASSETS = Path(__file__).parent / "assets"

st.set_page_config(page_title=t("app.title"), page_icon=str(ASSETS / "icon.png"), layout="wide")
st.logo(str(ASSETS / "logo.svg"), icon_image=str(ASSETS / "icon.png"), size="large")
navigation().run()
