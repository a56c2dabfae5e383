"""Data: what the picked set holds, how to bring one of your own, and the sets you keep."""

import streamlit as st

from ui import import_ledger, import_view, kept_sets, page_choices, page_start, profile_view, state
from ui.text import t

dataset = page_start.start("data_page")


@st.fragment
def view() -> None:
    """One part at a time."""
    if state.whole_page_wanted() or not page_start.is_current(dataset):
        st.rerun()
    part = page_choices.one_of("part", ("understand", "import", "kept sets"), "understand")
    if part == "import":
        import_view.draw()
    elif part == "kept sets":
        kept_sets.draw()
    else:
        profile_view.draw(dataset)
        if dataset.ledgers:
            st.markdown(f"## {t('import.what_happened')}")
        for book in dataset.ledgers:
            import_ledger.ledger(book, key="ledger")


state.show(view)
