"""The parts of the Overview: the pipeline with its real figures, one worked example, the data set."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.answer import plain
from core.describe import Summary, summarise
from core.recipe import Recipe
from core.score import Scorer
from core.sheets import APPLY
from core.types import Dataset, Run, Vectors

from . import blocks, cards, diversity_said, resources, warm
from .nav import page_path
from .pipeline_view import Node, pipeline_diagram
from .text import plain_markdown, t

EXAMPLE_K = 5
NOTE_SAMPLES = 3
EXAMPLE_KINDS = ("focused", "heavy")
EXAMPLE_DIVERSITY = 0.7
"""How strong the diversity station of the pipeline shows it; the list of the example has none."""


def recipe_of(dataset: Dataset) -> Recipe:
    """The default recipe, with the short list of the example."""
    return Recipe.from_flat({"dataset": dataset.name, "k": min(EXAMPLE_K, len(dataset.catalog))})


def example_user(recipe: Recipe) -> int:
    """The user of the worked example: a focused one, since her list explains itself."""
    found = {example.kind: example.user for example in resources.example_users(recipe)}
    return next((found[kind] for kind in EXAMPLE_KINDS if kind in found), 0)


def pipeline(dataset: Dataset, run: Run | None, vectors: Vectors | None) -> None:
    """Seven stations with what really went through them; without vectors yet, the last ones are grey."""
    facts = summarise(dataset)
    waiting = t("pipeline.waiting")
    embedding = Node(t("pipeline.embedding"), "…", waiting, "embedding", active=False)
    similarity = Node(t("pipeline.similarity"), "…", waiting, "similarity", active=False)
    diversity = Node(t("pipeline.diversity"), "…", waiting, "diversity", active=False)
    listed = Node(t("pipeline.list"), "…", waiting, "list", active=False)
    if run is not None and vectors is not None:
        embedding, similarity, listed = _live_nodes(run, vectors)
        diversity = diversity if warm.preparing.is_set() else _diversity_node(run)
    nodes = (
        Node(
            t("pipeline.behaviour"),
            f"{facts.n_interactions:,}",
            t("pipeline.behaviour_caption", users=f"{facts.n_users:,}", ms=f"{resources.data_ms(dataset.name):.0f}"),
            "behaviour",
        ),
        Node(
            t("pipeline.cleaning"),
            f"{facts.tidied:,}",
            t("pipeline.cleaning_caption", rules=facts.rules),
            "cleaning",
        ),
        embedding,
        similarity,
        diversity,
        listed,
        Node(t("pipeline.feedback"), "—", t("pipeline.feedback_caption"), "feedback", active=False),
    )
    pipeline_diagram(nodes, key="pipeline")


def _live_nodes(run: Run, vectors: Vectors) -> tuple[Node, Node, Node]:
    scorer: Scorer = run.recipe.build("score")
    n_items, width = vectors.values.shape
    times = run.timings_ms
    best = float(scorer.native(run.best_score[0]))
    return (
        Node(
            t("pipeline.embedding"),
            f"{n_items:,} × {width}",
            t("pipeline.embedding_caption", model=vectors.model, ms=f"{resources.vectors_ms(run.recipe):.0f}"),
            "embedding",
        ),
        Node(
            t("pipeline.similarity"),
            f"{int(run.n_above_threshold[0]):,}",
            t(
                "pipeline.similarity_caption",
                strategy=run.recipe.strategy,
                metric=scorer.label.lower(),
                ms=f"{times['users'] + times['score']:.1f}",
            ),
            "similarity",
        ),
        Node(
            t("pipeline.list"),
            f"{int(run.selected.counts[0])}",
            t("pipeline.list_caption", best=f"{best:.3f}", unit=scorer.unit, ms=f"{times['select']:.2f}"),
            "list",
        ),
    )


def _diversity_node(run: Run) -> Node:
    """What diversifying would change in the list of the example, which is made without it."""
    again = resources.run(run.recipe.replace(diversity=EXAMPLE_DIVERSITY), int(run.users.users[0]))
    took = again.timings_ms["select"] - run.timings_ms["select"]
    caption = t(
        "pipeline.diversity_caption",
        diversity=f"{EXAMPLE_DIVERSITY:g}",
        method=diversity_said.method_name(again.recipe),
        pool=f"{int(again.pool.counts[0]):,}",
        ms=f"{max(took, 0.0):.1f}",
    )
    counts = {"n": diversity_said.entered(again), "of": int(again.selected.counts[0])}
    return Node(t("pipeline.diversity"), t("pipeline.diversity_figure", **counts), caption, "diversity")


def example(dataset: Dataset, run: Run, vectors: Vectors) -> None:
    """One real user: what she liked, and what she gets."""
    user = int(run.users.users[0])
    user_id = str(plain(dataset.interactions.user_ids[user]))
    shown, total = blocks.history(dataset, user, dataset.interactions)
    st.markdown(f"## {t('overview.example', user=plain_markdown(user_id))}")
    st.caption(t("overview.example_history", n=f"{total:,}", **blocks.history_words(dataset)))
    cards.history_strip(shown, key="history", total=total, owner=user_id)
    st.caption(t("overview.example_list"))
    bounds = resources.metric_range(run.recipe)
    cards.rank_cards(blocks.cards(run, dataset, vectors, bounds), key="list")
    with st.container(horizontal=True):
        target = {"user": user_id}
        st.page_link(page_path("recommend"), label=t("overview.open_list"), icon=":material/tune:", query_params=target)
        st.page_link(
            page_path("map"), label=t("overview.open_map"), icon=":material/scatter_plot:", query_params=target
        )


def key_figures(dataset: Dataset) -> None:
    """The data set in tiles."""
    facts = summarise(dataset)
    tiles = [
        (t("tile.users"), f"{facts.n_users:,}", t("tile.users_note", n=f"{facts.per_user:,.0f}")),
        (t("tile.items"), f"{facts.n_items:,}", t("tile.items_note", n=f"{facts.cold_items:,}")),
        (
            t("tile.interactions"),
            f"{facts.n_interactions:,}",
            t(f"tile.feedback_{dataset.feedback}", n=f"{facts.mean_weight:.2f}"),
        ),
        (t("tile.density"), f"{100 * facts.density:.2f} %", t("tile.density_note")),
    ]
    if facts.first is not None and facts.last is not None:
        tiles.append((t("tile.period"), _years(facts), t("tile.period_note", day=_day(facts.last))))
    cards.stat_tiles(tiles, key="tiles")


def _years(facts: Summary) -> str:
    first, last = (datetime.fromtimestamp(at or 0, UTC).year for at in (facts.first, facts.last))
    return f"{first}" if first == last else f"{first} – {last}"


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %b %Y")


def data_summary(dataset: Dataset) -> None:
    """What was done to the data on purpose, where it comes from, and what may be done with it."""
    st.markdown(f"## {t('data.title', name=plain_markdown(dataset.label))}")
    key_figures(dataset)
    applied = [entry for ledger in dataset.ledgers for entry in ledger.entries if entry.mode == APPLY and entry.touched]
    if dataset.notes or applied:
        st.markdown(f"**{t('data.notes')}**")
    for note in dataset.notes:
        samples = (
            t("data.samples", samples=plain_markdown("; ".join(note.samples[:NOTE_SAMPLES]))) if note.samples else ""
        )
        st.markdown(f"- **{note.count:,}** · {plain_markdown(note.text)}{samples}")
    for entry in applied:
        st.markdown(f"- {plain_markdown(entry.text)}")
    for key, text in (("source", dataset.source), ("licence", dataset.licence), ("citation", dataset.citation)):
        if text:
            st.caption(f"**{t(f'data.{key}')}** {plain_markdown(text)}")


def ways_in() -> None:
    """Where to go from here."""
    with st.container(horizontal=True, gap="medium"):
        st.page_link(page_path("recommend"), label=t("overview.way_recommend"), icon=":material/format_list_numbered:")
        st.page_link(page_path("map"), label=t("overview.way_map"), icon=":material/scatter_plot:")
        st.page_link(page_path("diversity"), label=t("overview.way_diversity"), icon=":material/tune:")
