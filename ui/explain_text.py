"""The item's text with the words highlighted that carry its likeness to the user, and a test of that."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.embed.attribution import Deletion
from core.explain.words import TokenShares, deletion_check, token_shares

from . import blocks, explain_bars
from .explain_bars import Curve, Part
from .explain_picture import Picture
from .explain_said import listed
from .explain_sum import decimals, signed
from .text import plain_markdown, t

NAMED = 4


def draw(shown: Picture) -> None:
    """The text, its words by what they carry, and what happens when they are taken out."""
    asked = (shown.recipe, shown.dataset, shown.content, shown.user, shown.item, shown.people)
    st.markdown(f"### {t('explain.words')}")
    with st.spinner(t("explain.reading")):
        found = token_shares(*asked)
        if not found.tokens:
            st.info(plain_markdown(found.note))
            if found.text:
                explain_bars.marked([Part(found.text)], name=t("explain.words_name"), key="explain-text")
            return
        tested = deletion_check(*asked)
    explain_bars.marked(parts(found), name=t("explain.words_name"), key="explain-text")
    st.markdown(_said(found))
    score = blocks.score_text(shown.run, found.score) if not found.note else f"{found.score:.3f}"
    st.caption(" ".join(part for part in (t("explain.words_about", score=score), plain_markdown(found.note)) if part))
    if tested is not None and tested.removed[-1] > 0:
        _test(tested)


def parts(found: TokenShares) -> list[Part]:
    """The text cut at its words, each with what it carries, relative to the one that carries most."""
    top = float(np.abs(found.shares).max(initial=0.0)) or 1.0
    places = decimals(top)
    out, at = [], 0
    for piece, share in zip(found.tokens, found.shares.tolist(), strict=True):
        if piece.start > at:
            out.append(Part(found.text[at : piece.start]))
        out.append(Part(found.text[piece.start : piece.end], share / top, signed(share, places)))
        at = piece.end
    if at < len(found.text):
        out.append(Part(found.text[at:]))
    return out


def _said(found: TokenShares) -> str:
    order = np.argsort(-found.shares, kind="stable")
    places = decimals(float(np.abs(found.shares).max(initial=0.0)))
    most = [int(place) for place in order[:NAMED] if found.shares[place] > 0]
    least = [int(place) for place in order[::-1][:1] if found.shares[place] < 0]
    if not most:
        return t("explain.words_none")
    named = [
        f"**{plain_markdown(found.word(place))}** ({signed(float(found.shares[place]), places)})" for place in most
    ]
    said = t("explain.words_most", words=listed(named))
    if least:
        word = f"**{plain_markdown(found.word(least[0]))}** ({signed(float(found.shares[least[0]]), places)})"
        said += " " + t("explain.words_against", word=word)
    return said


def _test(tested: Deletion) -> None:
    """The deletion test in a sentence and in two lines."""
    st.markdown(f"**{t('explain.deletion')}**")
    values = {
        "n": int(tested.removed[-1]),
        "first": f"{tested.by_share[0]:.3f}",
        "share": f"{tested.by_share[-1]:.3f}",
        "chance": f"{tested.by_chance[-1]:.3f}",
    }
    if math.isfinite(tested.ratio):
        verdict = t(
            "explain.deletion_good" if tested.ratio > 1 else "explain.deletion_bad", ratio=f"{tested.ratio:.1f}"
        )
    else:
        verdict = t("explain.deletion_none")
    st.markdown(f"{t('explain.deletion_said', **values)} {verdict}")
    both = np.concatenate((tested.by_share, tested.by_chance))
    low, span = float(both.min()), float(np.ptp(both)) or 1.0
    last = float(tested.removed[-1])

    def line(values: np.ndarray) -> tuple[tuple[float, float], ...]:
        return tuple(
            (float(gone) / last, (float(value) - low) / span)
            for gone, value in zip(tested.removed, values, strict=True)
        )

    explain_bars.curves(
        [
            Curve(t("explain.by_share"), line(tested.by_share), "first"),
            Curve(t("explain.by_chance"), line(tested.by_chance), "second"),
        ],
        name=t("explain.deletion"),
        axes=(t("explain.axis_gone", n=int(last)), t("explain.axis_score", low=f"{low:.3f}", high=f"{low + span:.3f}")),
        key="explain-curves",
    )
