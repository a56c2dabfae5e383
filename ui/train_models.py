"""The models that are kept: their results, and what can be done with them."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import streamlit as st

from core.recipe import Recipe
from core.train.checkpoint import KeptModel, delete_model, kept_models
from core.types import Dataset

from . import import_report, nav, state, train_choices, train_job
from .blocks import error_card
from .figures.evaluate_look import figure_of
from .jobs import Point
from .text import plain_markdown, t
from .train_curves_view import curves

COMPARED = ("popularity", "content", "ease", train_choices.STRATEGY)
"""What Evaluate is opened with."""


def of(dataset: Dataset) -> tuple[KeptModel, ...]:
    """The models of a data set, the newest first; those of an earlier version of it, and damaged ones, among them."""
    return tuple(model for model in kept_models() if model.problem or _belongs(model.recipe, dataset))


def _belongs(recipe: Recipe, dataset: Dataset) -> bool:
    return recipe.dataset == dataset.name and recipe.strategy == train_choices.STRATEGY


def usable(model: KeptModel, dataset: Dataset) -> bool:
    """Whether it was trained on this very data, and its curve tells what it is."""
    return not model.problem and not model.online and model.dataset_fingerprint == dataset.fingerprint


def named(name: str, models: tuple[KeptModel, ...], dataset: Dataset) -> KeptModel | None:
    """The usable model of a name."""
    return next((model for model in models if model.name == name and usable(model, dataset)), None)


def shown(models: tuple[KeptModel, ...], dataset: Dataset) -> KeptModel | None:
    """The model whose curves are on the page: the chosen one, else the newest."""
    chosen = named(str(state.chosen(train_job.SHOWN)), models, dataset)
    return chosen or next((model for model in models if usable(model, dataset)), None)


def result(model: KeptModel, dataset: Dataset) -> None:
    """What a training came to, its curves, and the ways on."""
    st.markdown(f"### {verdict(model)}")
    if not model.whole:
        _go_on(model, dataset, "result", busy=False)
    st.caption(plain_markdown(t("train.of_model", words=_title(model), name=model.name)))
    points = tuple(Point(epoch.epoch, epoch.loss, epoch.recall, model.baseline) for epoch in model.epochs)
    curves(points, len(points), model.best_epoch, ended=model.waited)
    if not math.isnan(model.recall):
        st.caption(t("train.kind"))
    with st.container(horizontal=True):
        if st.button(
            t("train.recommend"),
            key="train-recommend",
            icon=nav.ICONS["recommend"],
            on_click=_take,
            args=(model,),
        ):
            import_report.go_to("recommend")
        if st.button(
            t("train.evaluate"),
            key="train-evaluate",
            icon=nav.ICONS["evaluate"],
            on_click=_compare,
            args=(model,),
        ):
            st.switch_page(nav.page_path("evaluate"), query_params={"strategies": list(COMPARED)})
    with st.expander(t("train.table")):
        st.dataframe(
            {
                t("train.epoch_axis"): [epoch.epoch for epoch in model.epochs],
                t("train.loss"): [f"{epoch.loss:.4f}" for epoch in model.epochs],
                t("train.recall_axis"): [figure_of(epoch.recall) for epoch in model.epochs],
            },
            hide_index=True,
            width="stretch",
            key="train-epochs",
        )


def _take(model: KeptModel) -> None:
    """Have the other pages work with a model's strategy and choices."""
    for name, value in train_choices.settings_of(model.recipe).items():
        state.choose(name, value)


def _compare(model: KeptModel) -> None:
    """Have Evaluate compare it, with its choices, to what it should beat."""
    _take(model)
    state.choose("strategies", list(COMPARED))


def verdict(model: KeptModel) -> str:
    """The result in a sentence, against popularity on the same users."""
    if math.isnan(model.recall):
        return t("train.verdict_none", n=len(model.epochs))
    key = "train.verdict_better" if model.recall > model.baseline else "train.verdict_worse"
    if math.isnan(model.baseline):
        key = "train.verdict_alone"
    return t(
        key,
        recall=figure_of(model.recall),
        baseline=figure_of(model.baseline),
        epoch=model.best_epoch,
        n=len(model.epochs),
    )


def draw(models: tuple[KeptModel, ...], dataset: Dataset, busy: str | None) -> None:
    """All of them, a row each. busy: the model that is being trained now, None where none is."""
    st.markdown(f"## {t('train.kept')}")
    if not models:
        st.caption(t("train.kept_none"))
    for model in models:
        with st.container(border=True, gap="xsmall"):
            _row(model, dataset, busy)


def _row(model: KeptModel, dataset: Dataset, busy: str | None) -> None:
    if model.problem:
        st.markdown(f"**{plain_markdown(model.name)}**")
        error_card(t("train.unusable", reason=model.problem))
    else:
        st.markdown(f"**{plain_markdown(_title(model))}** :gray[{plain_markdown(model.name)}]")
        st.caption(plain_markdown(line(model)))
        if model.online:
            st.caption(f":material/info: {t('train.moved', n=f'{model.online:,}')}")
        elif not usable(model, dataset):
            st.caption(f":material/info: {t('train.other_data')}")
    with st.container(horizontal=True):
        if usable(model, dataset):
            st.button(
                t("train.show"),
                key=f"show-{model.name}",
                icon=":material/show_chart:",
                on_click=state.choose,
                args=(train_job.SHOWN, model.name),
                disabled=busy is not None,
            )
            _go_on(model, dataset, "row", busy=busy is not None)
        with st.popover(t("train.delete"), icon=":material/delete:", disabled=busy == model.name):
            st.markdown(t("train.delete_ask"))
            st.button(t("train.delete_yes"), key=f"delete-{model.name}", on_click=delete_model, args=(model.name,))


def _go_on(model: KeptModel, dataset: Dataset, where: str, *, busy: bool) -> None:
    left = model.settings.epochs - len(model.epochs)
    st.button(
        t("train.further", n=train_job.FURTHER) if model.whole else t("train.go_on", n=left),
        key=f"go-on-{where}-{model.name}",
        icon=":material/play_arrow:",
        on_click=train_job.go_on,
        args=(dataset, model),
        disabled=busy,
    )


def _title(model: KeptModel) -> str:
    said = train_choices.in_words(model.recipe)
    return said[:1].upper() + said[1:]


def line(model: KeptModel) -> str:
    """ "12 of 40 epochs, stopped · recall@10 0.084 in epoch 9 · 24 Nov 2026, 14:02 UTC" """
    key = "early" if model.waited else "whole" if model.whole else "part"
    when = datetime.fromtimestamp(model.saved, UTC).strftime("%d %b %Y, %H:%M UTC")
    said = [t(f"train.epochs_{key}", n=len(model.epochs), total=model.settings.epochs)]
    if not math.isnan(model.recall):
        said.append(t("train.line_recall", recall=figure_of(model.recall), epoch=model.best_epoch))
    return " · ".join([*said, when])
