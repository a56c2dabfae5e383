"""What is to be evaluated: strategies, protocol, seed, and their settings, all of them in the address."""

from __future__ import annotations

import streamlit as st

from core.evaluate.types import Plan
from core.recipe import Recipe
from core.registry import stage
from core.serving import LEARNED
from core.types import Dataset

from . import controls, evaluate_settings, page_choices
from .text import plain_markdown, t, words

FIRST = ("popularity", "content", "item-knn", "ease")
"""The strategies that are compared until the reader chooses."""


def plan(dataset: Dataset) -> Plan | None:
    """The chosen plan; None, with a sentence, where there is no strategy in it."""
    known = stage("strategies").names()
    chosen = _strategies(known)
    where, which = st.columns([3, 1.25], vertical_alignment="top", gap="small")
    with where:
        protocols = stage("protocols").names()
        protocol = page_choices.one_of("protocol", protocols, "warm" if "warm" in protocols else protocols[0])
        st.caption(plain_markdown(_explained(protocol)))
    with which:
        seed = _seed()
        used = _events()
    keys = [key for key in known if key in chosen]
    left, right, beside = st.columns(3, gap="small")
    with left:
        settings = evaluate_settings.of_protocol(protocol)
    with right:
        given = evaluate_settings.of_strategies(keys)
    with beside:
        given |= evaluate_settings.of_user_model(keys, dataset)
    if not keys:
        st.info(t("evaluate.none"))
        return None
    given |= {"dataset": dataset.name, "events": used}
    recipes = tuple(Recipe.from_flat(given | {"strategy": key}) for key in keys)
    return Plan(recipes, protocol, seed, settings)


def _strategies(known: tuple[str, ...]) -> list[str]:
    given = [raw for raw in st.query_params.get_all("strategies") if raw not in known]
    if given:
        st.warning(plain_markdown(t("evaluate.unknown", given=", ".join(given), known=", ".join(known))))
    return list(
        st.pills(
            controls.label("strategies"),
            known,
            selection_mode="multi",
            default=[key for key in FIRST if key in known] or list(known[:3]),
            key="strategies",
            help=t("help.strategies"),
            bind="query-params",
            persist_state="session",
        )
    )


def _explained(protocol: str) -> str:
    """What a protocol does, in a line: its own words where there are some, else what its class says."""
    if said := words().get(f"evaluate.protocol_{protocol}"):
        return said
    return " ".join(str(stage("protocols").get(protocol).__doc__).split("\n\n")[0].split())


def _events() -> str:
    """Whether live feedback is tested on and learned from; kept apart from it, all other choices are one."""
    return LEARNED if controls.choice("events") == LEARNED else str(Recipe.default_of("events"))


def _seed() -> int:
    spec = controls.knob_named("seed")
    return int(
        st.number_input(
            t("evaluate.seed"),
            int(spec.low or 0),
            int(spec.high or 0),
            int(spec.default),
            key="seed",
            bind="query-params",
            persist_state="session",
        )
    )
