"""Categories, text length and languages."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets.build import build_dataset
from core.describe.category_mix import SHOWN, category_mix
from core.describe.languages import SAMPLE, language_mix, language_name
from core.describe.texts import count_words, text_length
from core.types import Dataset

ENGLISH = "The quick brown fox jumps over the lazy dog while the farmer is watching from the old house"
GERMAN = "Der schnelle braune Fuchs springt über den faulen Hund, während der Bauer aus dem alten Haus zusieht"
JAPANESE = "素早い茶色の狐がのろまな犬を飛び越える間、農夫は古い家から見ている"


def catalogue(titles: list[str], *, template: str = "{title}", **columns: list[object]) -> Dataset:
    """Items without any interaction."""
    items = {"item_id": list(range(len(titles))), "title": titles, **columns}
    return build_dataset("t", "T", items, {"user_id": [], "item_id": []}, template=template)


def test_category_mix_by_hand() -> None:
    mix = category_mix(catalogue(["a"] * 4, category=[["x", "y"], ["x"], ["x"], []]).catalog)
    assert (mix.top, mix.rest, mix.n_categories) == ((("x", 3), ("y", 1)), 0, 2)
    assert (mix.without, mix.without_share, mix.per_item) == (1, 0.25, pytest.approx(4 / 3))
    assert mix.evenness == pytest.approx(-(0.75 * np.log2(0.75) + 0.25 * np.log2(0.25)))


def test_rare_categories_are_counted_together_as_items() -> None:
    names = [[f"c{place:02d}", "rare"] if place == 0 else [f"c{place:02d}"] for place in range(SHOWN)] * 2
    mix = category_mix(catalogue(["a"] * 43, category=[*names, ["one"], ["one", "two"], []]).catalog)
    assert len(mix.top) == SHOWN
    assert mix.n_categories == SHOWN + 3
    shown = {name for name, _ in mix.top}
    left = [name for name in [*[f"c{place:02d}" for place in range(SHOWN)], "one"] if name not in shown]
    assert mix.rest == sum(2 for name in left), "the items of what is left, each once"
    assert mix.without == 1


def test_a_catalogue_without_categories() -> None:
    mix = category_mix(catalogue(["a", "b"]).catalog)
    assert (mix.top, mix.without_share) == ((), 1.0)
    assert np.isnan([mix.per_item, mix.evenness]).all()


@pytest.mark.parametrize(("text", "n"), [("", 0), ("one", 1), (" a  b\nc ", 3), ("café noir", 2), ("日本 abc", 3)])
def test_words_are_counted_in_any_script(text: str, n: int) -> None:
    assert count_words(text) == n


def test_text_length_by_hand() -> None:
    found = text_length(catalogue(["one two", "", "word " * 200, "a b c d e"]))
    assert (found.empty, found.empty_share) == (1, 0.25)
    assert (found.short_share, found.long_share, found.longest) == (0.5, 0.25, 200)
    assert found.median_words == 3.5, "2, 0 (Untitled item 1 says nothing), 5 and 200"
    assert sum(found.words.counts) == 4


def test_items_of_which_nothing_is_known_have_no_words() -> None:
    found = text_length(catalogue([""] * 29))
    assert (found.empty, found.median_words, found.median_characters, found.longest) == (29, 0, 0, 0)
    assert (found.words.labels, found.words.counts) == (("0",), (29,))


def test_the_words_of_the_template_count_as_the_model_reads_them() -> None:
    assert text_length(catalogue(["one two"], template="This is {title}")).median_words == 4


def test_languages_are_told_apart() -> None:
    mix = language_mix(catalogue([ENGLISH, ENGLISH, GERMAN, JAPANESE, "Up"]))
    assert mix.found == (("en", 2), ("de", 1), ("ja", 1))
    assert (mix.sampled, mix.told, mix.too_short, mix.unclear) == (5, 4, 1, 0)
    assert mix.share("en") == 0.5
    assert mix.share("fr") == 0


def test_the_template_s_own_words_and_categories_say_nothing_about_the_language() -> None:
    dataset = catalogue(
        [GERMAN],
        template="This is an item with the title {title} and of the kind {category}",
        category=[["Home and garden"]],
    )
    assert language_mix(dataset).found == (("de", 1),)


def test_a_large_catalogue_is_sampled_always_alike() -> None:
    dataset = catalogue([f"Up {place}" for place in range(SAMPLE + 5)])
    mix = language_mix(dataset)
    assert (mix.sampled, mix.too_short) == (SAMPLE, SAMPLE)
    assert mix == language_mix(dataset)
    assert np.isnan(mix.share("en"))


def test_languages_have_names() -> None:
    assert (language_name("en"), language_name("pcm"), language_name("xx")) == ("English", "Nigerian Pidgin", "xx")
