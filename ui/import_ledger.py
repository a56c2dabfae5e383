"""What cleaning did to the rows of a table, to the last row: a sum that visibly comes out."""

from __future__ import annotations

import streamlit as st

from core.registry import stage
from core.sheets import LOOK, Entry, Ledger

from .text import plain_markdown, t, words


def ledger(book: Ledger, key: str) -> None:
    """One table: the sum in a sentence, a line for each rule that found something, examples, and the other rules."""
    dropped = book.rows_in - book.rows_out
    st.markdown(f"### {t(f'import.ledger_{book.table}')}")
    st.markdown(t("import.ledger_sum", rows_in=f"{book.rows_in:,}", dropped=f"{dropped:,}", kept=f"{book.rows_out:,}"))
    if any(entry.touched for entry in book.entries):
        st.table(sum_of(book), border="horizontal", hide_index=True)
    _examples([entry for entry in book.entries if entry.samples])
    _quiet([entry for entry in book.entries if not entry.touched], f"{key}-{book.table}")


def sum_of(book: Ledger) -> dict[str, list[str]]:
    """The ledger as columns of markdown: rows in, each rule that found any with what was left after it, rows kept."""
    found = [entry for entry in book.entries if entry.touched]
    left, after = book.rows_in, []
    for entry in found:
        left -= entry.dropped
        after.append(f"{left:,}")
    return {
        t("import.ledger_rule"): [
            f"**{t('import.rows_in')}**",
            *(plain_markdown(rule_name(entry.rule)) for entry in found),
            f"**{t('import.rows_kept')}**",
        ],
        t("import.ledger_found"): ["", *(f"{entry.touched:,}" for entry in found), ""],
        t("import.ledger_dropped"): ["", *(f"−{entry.dropped:,}" if entry.dropped else "0" for entry in found), ""],
        t("import.ledger_left"): [f"**{book.rows_in:,}**", *after, f"**{book.rows_out:,}**"],
        t("import.ledger_what"): ["", *(_said(entry) for entry in found), ""],
    }


def _examples(entries: list[Entry]) -> None:
    if entries:
        with st.expander(t("import.samples")):
            for entry in entries:
                st.markdown(f"**{plain_markdown(rule_name(entry.rule))}** · {plain_markdown(entry.text)}")
                st.text("\n".join(" ".join(sample.split()) for sample in entry.samples))


def _quiet(entries: list[Entry], key: str) -> None:
    """The rules that found nothing, did not apply or were off."""
    if entries:
        one = "import.quiet_one" if len(entries) == 1 else "import.quiet_many"
        with st.expander(t(one, n=len(entries)), key=f"{key}-quiet", on_change="rerun") as folded:
            if folded.open:
                lines = [f"- **{plain_markdown(rule_name(e.rule))}**: {plain_markdown(e.text)}" for e in entries]
                st.markdown("\n".join(lines))


def _said(entry: Entry) -> str:
    """What a rule says, as markdown; what it found and left in is marked."""
    left_in = f"**{t('import.left_in')}** " if entry.mode == LOOK else ""
    return left_in + plain_markdown(entry.text)


def rule_name(rule: str) -> str:
    """A rule as readers know it."""
    known = stage("clean")
    return str(known.get(rule).label) if rule in known.names() else words().get(f"import.rule_{rule}", rule)
