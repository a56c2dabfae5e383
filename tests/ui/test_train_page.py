"""The Train page: choices in the address, a training that is found again, stopped and gone on with, kept models."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.__main__ import build_parser, main
from core.commands.parser import recipe_flags
from core.recipe import Recipe
from core.serving import serving
from core.sources import load_dataset
from core.train.checkpoint import kept_models, model_path, save_model
from core.train.loop import NOTHING
from core.train.settings import Epoch, Trained, TrainSettings
from core.vectors import embed_items
from ui import jobs, resources, train_choices, train_job, train_models, train_view
from ui.jobs import RUNNING
from ui.text import t

MAIN = str(Path(__file__).resolve().parents[2] / "app.py")
EPOCHS = "".join(
    f'print(\'{{"stage": "train", "done": {n}, "total": 40, "eta_s": 9.5, "loss": {9 - n}, "recall": 0.0{n}, '
    '"baseline": 0.05}\', flush=True);'
    for n in (1, 7, 3)
)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No models of other tests."""
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The child runs the Python text ``asked[0]``; what it was asked for is appended."""
    found: list[Any] = [EPOCHS + "import time; time.sleep(60)"]

    def command(verb: str, flat: dict[str, Any], extra: tuple[str, ...]) -> list[str]:
        found.append((verb, dict(flat), tuple(extra)))
        return [sys.executable, "-c", str(found[0])]

    monkeypatch.setattr(jobs, "command", command)
    yield found
    table = resources.jobs()
    for job in table.under("train|"):
        job.cancel()
        job.process.wait(10)
        until(lambda job=job: job.progress.state != RUNNING)
        table.forget(job.key)


@pytest.fixture
def own_set(tmp_path: Path) -> str:
    """A small set without times, imported; one item is liked by nobody."""
    log, items = tmp_path / "log.csv", tmp_path / "items.csv"
    log.write_text("user,item\nann,a\nann,b\nann,c\nbob,b\nbob,c\nbob,d\ncat,a\ncat,d\ncat,e\n")
    items.write_text("item,title\na,Red apple\nb,Pear\nc,Banana\nd,Plum\ne,Cherry\nf,Orange\n")
    assert main(["import", "fruit", "--interactions", str(log), "--items", str(items), "--feedback", "none"]) == 0
    resources.names.clear()
    recipe = Recipe(dataset="fruit")
    embed_items(recipe, load_dataset("fruit"))
    return "fruit"


@pytest.mark.usefixtures("warm")
def test_without_times_recent_popularity_is_said_to_be_popularity(own_set: str) -> None:
    at = AppTest.from_file(MAIN, default_timeout=120)
    at.query_params.update({"dataset": own_set, "strategy": "recent-popularity"})
    assert t("knobs.timeless") in said(at.switch_page("pages/explore/recommend.py").run())
    at = AppTest.from_file(MAIN, default_timeout=120)
    at.query_params.update({"strategy": "recent-popularity"})
    assert t("knobs.timeless") not in said(at.switch_page("pages/explore/recommend.py").run())


@pytest.mark.usefixtures("warm")
def test_one_item_outside_the_map_is_said_in_the_singular(own_set: str) -> None:
    recipe = Recipe(dataset=own_set, strategy="als")
    dataset = load_dataset(own_set)
    serving(recipe, dataset, embed_items(recipe, dataset))
    at = AppTest.from_file(MAIN, default_timeout=120)
    at.query_params.update({"dataset": own_set, "strategy": "als"})
    assert t("map.strip_one").strip() in said(at.switch_page("pages/explore/map.py").run())


def until(what: Any, seconds: float = 20) -> None:
    """Wait for something to be true."""
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.02)
    assert what()


def page(**given: str) -> AppTest:
    at = AppTest.from_file(MAIN, default_timeout=120)
    for name, value in given.items():
        at.query_params[name] = value
    return at.switch_page("pages/measure/train.py").run()


def said(at: AppTest) -> str:
    assert not at.exception
    return " ".join(str(one.value) for one in (*at.markdown, *at.caption, *at.info, *at.warning, *at.error))


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def keep(name: str, recalls: list[float], *, fingerprint: str = "", baseline: float = 0.05, **flat: Any) -> None:
    """A kept model with a curve."""
    recipe = Recipe.from_flat({"strategy": "two-tower", **flat})
    table = np.zeros((2, 3), dtype=np.float32)
    epochs = tuple(Epoch(n, 9.0 - n, recall, float(n), 1.0) for n, recall in enumerate(recalls, 1))
    settings = TrainSettings(epochs=int(flat.get("tower_epochs", 40)))
    model = Trained(settings, table, table, {}, {}, {}, epochs, int(np.argmax(recalls)) + 1)
    fingerprint = fingerprint or load_dataset("movielens-small").fingerprint
    save_model(name, model, recipe, fingerprint, "0" * 16, baseline)


@pytest.mark.usefixtures("warm")
def test_before_anything_was_trained() -> None:
    """Choices, the button and a word on what is to come; knobs without a part are left out, and named."""
    at = page(tower_loss="mse", tower_lr="0.01")
    assert t("train.run") in labels(at)
    assert t("train.nothing_yet") in said(at)
    assert "negatives, weight of a positive, popularity correction" in said(at)
    assert "tower_negatives" not in [field.key for field in at.number_input]
    assert "--tower-loss mse --tower-lr 0.01" in at.code[0].value


@pytest.mark.usefixtures("warm")
def test_what_is_said_of_the_example_is_not_said_of_other_data(own_set: str) -> None:
    """How long a training takes is known of the example alone."""
    at = page(dataset=own_set)
    assert t("train.nothing_yet_own") in said(at)
    assert "on this example" not in said(at)


@pytest.mark.usefixtures("warm")
def test_a_training_is_started_watched_found_again_and_stopped(asked: list[Any]) -> None:
    at = page(tower_lr="0.01")
    at.button(key="train").click().run()
    name = train_choices.name_of(Recipe.from_flat({"strategy": "two-tower", "tower_lr": 0.01}))
    assert asked[1] == ("train", {"tower_lr": 0.01}, ("--name", name))
    job = train_job.last(load_dataset("movielens-small"))
    assert job is not None
    until(lambda: len(job.progress.points) == 3)
    for tab in (at.run(), page()):
        assert len(tab.get("plotly_chart")) == 2
        assert [metric.value for metric in tab.metric] == ["6", "0.030", "0.070", "0.050"]
        assert tab.button(key="train").disabled
    at.button(key="stop-training").click()
    at.run()
    until(lambda: job.progress.state != RUNNING)
    assert t("train.stopped", n=3) in said(page())


@pytest.mark.usefixtures("warm")
def test_a_failure_is_one_sentence(asked: list[Any]) -> None:
    asked[0] = "import sys; sys.exit('recallscope: the loss is no longer a finite number')"
    at = page()
    at.button(key="train").click().run()
    job = train_job.last(load_dataset("movielens-small"))
    assert job is not None
    until(lambda: job.progress.state != RUNNING)
    assert [str(error.value) for error in page().error] == [
        "The training did not reach its end\\. The loss is no longer a finite number\\."
    ]


@pytest.mark.usefixtures("warm")
def test_kept_models_are_shown_gone_on_with_and_deleted(asked: list[Any]) -> None:
    """The newest is drawn against popularity; a stopped one goes on, a whole one beyond its end."""
    keep("whole", [0.04, 0.03], tower_epochs=2)
    keep("stopped", [0.04, 0.08], tower_epochs=9)
    keep("other", [0.9], fingerprint="elsewhere")
    for when, name in enumerate(("whole", "other", "stopped")):
        os.utime(model_path(name), (when, when))
    at = page()
    words = said(at)
    assert t("train.verdict_better", recall="0.080", baseline="0.050", epoch=2, n=2) in words
    assert t("train.other_data") in words
    assert "go-on-row-other" not in [button.key for button in at.button]
    at.button(key="show-whole").click().run()
    assert t("train.verdict_worse", recall="0.040", baseline="0.050", epoch=1, n=2) in said(at)
    at.button(key="delete-other").click().run()
    assert [model.name for model in kept_models()] == ["stopped", "whole"]
    at.button(key="go-on-row-stopped").click().run()
    assert asked[-1] == ("train", {}, ("--resume", "stopped"))
    job = train_job.last(load_dataset("movielens-small"))
    assert job is not None
    assert train_job.model_of(job) == "stopped"


@pytest.mark.usefixtures("warm")
def test_a_whole_model_goes_beyond_its_end(asked: list[Any]) -> None:
    keep("whole", [0.04, 0.03], tower_epochs=2)
    page().button(key="go-on-row-whole").click().run()
    assert asked[-1] == ("train", {"tower_epochs": 12, "tower_patience": 0}, ("--resume", "whole"))


@pytest.mark.usefixtures("warm")
def test_where_nobody_liked_two_items_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_view, "liked_counts", lambda log: np.ones(3, dtype=int))
    at = page()
    assert NOTHING.split(":")[1].strip().replace(",", "") in str(at.error[0].value).replace("\\", "").replace(",", "")
    assert not [button for button in at.button if button.key == "train"]


@pytest.mark.parametrize(
    "flat", [{}, {"tower_loss": "bce", "tower_lr": 0.01, "seed": 3}, {"dataset": "shop", "tower_half_life": 0.0}]
)
def test_the_command_line_says_the_same(flat: dict[str, Any]) -> None:
    recipe = Recipe.from_flat({"strategy": "two-tower", **flat})
    words = shlex.split(train_choices.command_line(recipe))[3:]
    args = build_parser().parse_args(words)
    assert args.name == train_choices.name_of(recipe)
    assert Recipe.from_flat(recipe_flags(args) | {"strategy": "two-tower"}) == recipe


def test_names_and_words_leave_out_what_plays_no_part() -> None:
    one = Recipe.from_flat({"strategy": "two-tower", "tower_loss": "softmax", "tower_negatives": 9})
    assert train_choices.name_of(one) == train_choices.name_of(Recipe(strategy="two-tower"))
    assert train_choices.in_words(one) == t("train.defaults")
    assert train_choices.in_words(one.replace(tower_lr=0.01, seed=2)) == "learning rate 0.01, seed 2"
    assert len(train_choices.name_of(one.replace(dataset="x" * 64))) <= 64


@pytest.mark.parametrize(("eta", "words"), [(0.0, ""), (9.2, ", at most 10 s left"), (130.0, ", at most 3 min left")])
def test_what_is_left_is_told_in_a_fitting_unit(eta: float, words: str) -> None:
    points = (jobs.Point(3, 1.0, 0.1, 0.05),)
    progress = jobs.Progress(stage="train", done=3, total=40, eta_s=eta, points=points)
    assert train_job.said(progress) == "Epoch 3 of 40" + words


def test_a_damaged_model_is_none_that_can_be_used() -> None:
    """It is listed, to be deleted; one made by hand with another strategy's recipe is not ours."""
    keep("odd", [0.1], strategy="content")
    model_path("broken").parent.mkdir(parents=True)
    model_path("broken").write_bytes(b"no model")
    dataset = load_dataset("movielens-small")
    models = train_models.of(dataset)
    assert [model.name for model in models] == ["broken"]
    assert train_models.named("broken", models, dataset) is None
