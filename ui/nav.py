"""The pages: found in ``pages/<section>/``, with their titles and addresses.

They carry no icons: the icon of a page becomes the browser tab's, and a material one is fetched from another host.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from .text import t, words

PAGES_FOLDER = Path(__file__).parent.parent / "pages"
ORDER = (
    *("overview", "data", "recommend", "user", "newcomer", "explain"),
    *("map", "diversity", "compare", "train", "evaluate"),
)
ICONS = {
    "overview": ":material/home:",
    "data": ":material/database:",
    "recommend": ":material/format_list_numbered:",
    "user": ":material/person_search:",
    "newcomer": ":material/person_add:",
    "explain": ":material/help_center:",
    "map": ":material/scatter_plot:",
    "diversity": ":material/tune:",
    "compare": ":material/compare:",
    "train": ":material/model_training:",
    "evaluate": ":material/leaderboard:",
}
DEFAULT = "overview"


def page_files() -> tuple[Path, ...]:
    """The page files, those of ORDER first. They are nested one level, since flat ones bypass the router."""
    found = sorted(PAGES_FOLDER.glob("*/*.py"), key=lambda path: (_place(path.stem), path.stem))
    return tuple(path for path in found if not path.stem.startswith("_"))


def navigation() -> StreamlitPage:
    """Register the pages and return the one that was asked for."""
    pages = [
        st.Page(
            path,
            title=t(f"page.{path.stem}") if f"page.{path.stem}" in words() else path.stem.title(),
            url_path=path.stem,
            default=path.stem == DEFAULT,
        )
        for path in page_files()
    ]
    return st.navigation(pages, position="top")


def page_path(name: str) -> str:
    """The file of a page, for links."""
    return str(next(path for path in page_files() if path.stem == name))


def _place(stem: str) -> int:
    return ORDER.index(stem) if stem in ORDER else len(ORDER)
