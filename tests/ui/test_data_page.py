"""The Data page through AppTest, with the real command line behind: files, corrections, import, report, kept sets."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.errors import InputError
from core.sources import kept_sets, load_dataset
from core.store import drafts
from ui import import_draft, import_large, jobs, resources
from ui.text import t

ROOT = Path(__file__).resolve().parents[2]
PAGE = "pages/start/data.py"
LOG = "Kunde;Artikel;Stars\n" + "".join(f"K{place % 7};A{place % 11:02};{1 + place % 5}\n" for place in range(60))
ITEMS = "Artikel;Bezeichnung;Was es ist\n" + "".join(f"A{n:02};Ding {n};Ein Ding, Nummer {n}\n" for n in range(11))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
Files = dict[str, bytes]


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of its own for each test, and none of the embedding, which has tests of its own."""
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("ui.preparing.vectors_ready", lambda recipe: False)
    resources.names.clear()


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(PAGE).run()


def with_files(files: Files, **query: str) -> tuple[AppTest, str]:
    """The import part with these files dropped, and the token of their draft."""
    at = opened(part="import", **query)
    at.file_uploader[0].set_value([(name, data, "text/csv") for name, data in files.items()]).run()
    assert not at.exception
    return at, token_of(at)


def token_of(at: AppTest) -> str:
    return str(at.text_input(key="draft").value)


def widget(found: Any, label: str) -> Any:
    return next(one for one in found if one.label.startswith(label))


def button(at: AppTest, label: str) -> Any:
    return next(one for one in at.button if one.label == label)


def has_button(at: AppTest, label: str) -> bool:
    return any(one.label == label for one in at.button)


def text_of(at: AppTest) -> str:
    """Everything said on the page, without the marks that keep it plain."""
    parts = (at.title, at.markdown, at.caption, at.text, at.error, at.warning, at.info, at.success)
    return "\n".join(str(one.value) for kind in parts for one in kind).replace("\\", "")


def until(at: AppTest, done: Callable[[AppTest], bool], seconds: float = 40) -> AppTest:
    end = time.monotonic() + seconds
    while not done(at) and time.monotonic() < end:
        time.sleep(0.2)
        at.run()
    assert done(at), text_of(at)
    assert not at.exception
    return at


def imported(files: Files, label: str = "Kleiner Laden") -> tuple[AppTest, str]:
    at, token = with_files(files)
    widget(at.text_input, t("import.label")).set_value(label).run()
    button(at, t("import.go")).click().run()
    return until(at, lambda page: has_button(page, t("import.another"))), token


SHOP: Files = {"bestellungen.csv": LOG.encode("utf-8-sig"), "artikel.csv": ITEMS.encode(), "foto.csv": PNG}


def test_three_parts_and_nothing_kept_yet() -> None:
    assert not opened().exception
    assert t("import.step_files") in text_of(opened(part="import"))
    at = opened(part="kept sets")
    assert t("kept.none") in text_of(at)
    button(at, t("kept.bring")).click().run()
    assert t("import.step_files") in text_of(at)


def test_files_are_understood_and_one_that_is_no_table_blocks_nothing() -> None:
    at, _ = with_files(SHOP)
    said = text_of(at)
    assert "CSV, UTF-8 with BOM, separated by semicolons, 60 rows" in said
    assert widget(at.selectbox, "User").value == "Kunde"  # a guess, so it is to be chosen in sight
    assert widget(at.selectbox, "Item").value == "Artikel"
    assert widget(at.selectbox, t("import.role_title")).value == "Bezeichnung"
    assert "2 files understood, 1 left aside." in said
    assert "Ready to import as **Bestellungen**" in said
    assert any("foto.csv" in one.label.replace("\\", "") and "PNG picture" in one.label for one in at.expander)
    buttons = [one for one in at.button if one.label == t("import.go")]
    assert [one.disabled for one in buttons] == [False, False]
    labels = [one.label for one in at.button]
    assert labels.index(t("import.go")) < labels.index(t("import.remove"))


def test_what_is_clear_stands_in_a_line_each_and_can_be_unfolded() -> None:
    clear = LOG.replace("Kunde;Artikel;Stars", "user_id;item_id;rating")
    at, token = with_files({"log.csv": clear.encode()})
    assert "User: **user_id** · Sure" in text_of(at)
    assert not [one for one in at.selectbox if one.label.startswith(t("import.role_user_id"))]
    at = unfolded(token, *roles_of(token, "log.csv"))
    assert widget(at.selectbox, t("import.role_user_id")).value == "user_id"


def test_a_reload_finds_files_and_corrections_and_another_session_does_not() -> None:
    at, token = with_files(SHOP)
    at = unfolded(token, *roles_of(token, "artikel.csv"))
    widget(at.selectbox, t("import.role_title")).set_value("Was es ist").run()
    widget(at.text_input, t("import.label")).set_value("Mein Laden").run()
    assert not at.exception
    again = unfolded(token, *roles_of(token, "artikel.csv"))
    assert widget(again.selectbox, t("import.role_title")).value == "Was es ist"
    assert widget(again.text_input, t("import.name")).value == "mein-laden"
    other, other_token = with_files({"log.csv": LOG.encode()})
    assert other_token != token
    assert "artikel.csv" not in text_of(other)


def test_a_correction_follows_through_to_the_kept_set() -> None:
    at, token = with_files(SHOP)
    at = unfolded(token, *roles_of(token, "artikel.csv"))
    widget(at.selectbox, t("import.role_title")).set_value("Was es ist").run()
    at.slider[0].set_value(3.0).run()
    assert "60 % of the ratings count as liked" in text_of(at)
    button(at, t("import.go")).click().run()
    until(at, lambda page: has_button(page, t("import.another")))
    dataset = load_dataset("bestellungen")
    assert dataset.catalog.titles[0] == "Ein Ding, Nummer 0"
    assert dataset.interactions.positive_from == 3.0
    assert len(dataset.interactions) == 60
    assert import_report_is_found_again(token)


def import_report_is_found_again(token: str) -> bool:
    return has_button(opened(part="import", draft=token), t("import.another"))


def test_the_report_adds_up_and_gives_the_rejected_rows() -> None:
    dirty = LOG + "K0;A00;1\nK1;A01;viel\n;A02;3\nK2;A99;4\n"
    at, _ = imported({**SHOP, "bestellungen.csv": dirty.encode()})
    said = text_of(at)
    assert "**64** rows in − **4** left out = **60** kept" in said
    assert "**11** rows in − **0** left out = **11** kept" in said
    assert [one.label for one in at.get("download_button")] == [t("import.download_rejected", n="4")]
    assert "foto.csv" in said
    assert "kleiner-laden" in at.selectbox(key="dataset").options


def test_the_picked_set_shows_its_ledger_and_the_other_pages_get_it() -> None:
    at, _ = imported(SHOP)
    button(at, t("import.open_profile")).click().run()
    assert not at.exception
    assert at.selectbox(key="dataset").value == "kleiner-laden"
    assert t("import.what_happened") in text_of(at)
    assert "**60** rows in" in text_of(at)


def test_without_a_name_the_first_free_one_is_taken() -> None:
    imported(SHOP, label="")
    imported(SHOP, label="")
    assert [kept.name for kept in kept_sets()] == ["bestellungen", "bestellungen-2"]
    assert [kept.label for kept in kept_sets()] == ["Bestellungen", "Bestellungen 2"]


def test_a_file_without_a_log_says_what_is_missing() -> None:
    at, _ = with_files({"artikel.csv": ITEMS.encode()})
    assert t("import.not_yet", reason="").rstrip(".: ") in text_of(at)
    assert "has a user and an item in each row" in text_of(at)
    assert not has_button(at, t("import.go"))


def test_a_name_that_does_not_do_keeps_the_button_shut() -> None:
    at, _ = with_files(SHOP)
    widget(at.text_input, t("import.name")).set_value("../evil").run()
    assert "cannot be called '../evil'" in text_of(at)
    assert button(at, t("import.go")).disabled
    widget(at.text_input, t("import.name")).set_value("movielens-small").run()
    assert "built-in" in text_of(at)
    assert button(at, t("import.go")).disabled
    widget(at.text_input, t("import.name")).set_value("mine").run()
    assert not button(at, t("import.go")).disabled


def test_an_import_that_fails_keeps_nothing_and_says_why() -> None:
    at, _ = with_files({"log.csv": LOG.encode()})
    widget(at.text_input, t("import.label")).set_value("Nichts").run()
    drafts_plan_with(at, rules=[["rare", "apply"]], knobs=[["rare.user_core", 1000]])
    button(at, t("import.go")).click().run()
    until(at, lambda page: "could not be finished" in text_of(page))
    assert "rare" in text_of(at)
    assert text_of(at).count("the rule rare took out 60 of 60") == 2  # on top, and at the rule, which is unfolded
    assert widget(at.number_input, "Least items of a user").value == 1000
    assert kept_sets() == ()
    assert has_button(at, t("import.go"))


def drafts_plan_with(at: AppTest, **changes: Any) -> None:
    token = token_of(at)
    drafts.save_plan(token, {**(drafts.read_plan(token) or {}), **changes})
    at.run()


def test_a_running_import_is_found_again_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = 'import time; print(\'{"stage": "clean", "done": 1, "total": 4, "eta_s": 9}\', flush=True); time.sleep(60)'
    monkeypatch.setattr(jobs, "command", lambda verb, flat, extra: [sys.executable, "-c", slow])
    at, token = with_files(SHOP)
    button(at, t("import.go")).click().run()
    again = until(opened(part="import", draft=token), lambda page: has_button(page, t("job.cancel")))
    button(again, t("job.cancel")).click().run()
    until(again, lambda page: t("import.cancelled") in text_of(page))
    assert has_button(again, t("import.go"))
    assert kept_sets() == ()


def test_an_import_that_crashes_is_a_fault_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    crash = "raise KeyError('a secret of the data')"
    monkeypatch.setattr(jobs, "command", lambda verb, flat, extra: [sys.executable, "-c", crash])
    at, _ = with_files(SHOP)
    button(at, t("import.go")).click().run()
    until(at, lambda page: "could not be finished" in text_of(page))
    assert "a fault of the program, not of your files (KeyError, code 1)" in text_of(at)
    assert "nothing was kept or changed: try again" in text_of(at)
    assert "secret" not in text_of(at)


def test_a_set_that_came_in_is_picked_for_all_pages() -> None:
    at, _ = imported(SHOP)
    until(at, lambda page: page.selectbox(key="dataset").value == "kleiner-laden")
    at.switch_page("pages/explore/recommend.py").run()
    assert at.selectbox(key="dataset").value == "kleiner-laden"


def test_a_file_too_large_is_said_until_the_next_drop() -> None:
    at = opened(part="import")
    at.session_state["_large_files"] = import_large.understood([{"name": "big.csv", "size": 62_914_560}])
    at.run()
    said = text_of(at)
    assert "big.csv was not taken: it has 63 MB, and a file may have 50 MB here." in said
    assert any("python -m core import" in one.value for one in at.code)
    at.file_uploader[0].set_value([("bestellungen.csv", LOG.encode(), "text/csv")]).run()
    assert "big.csv was not taken" in text_of(at)


def test_vectors_that_came_along_need_no_language_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.preparing.vectors_ready", lambda recipe: True)
    array = io.BytesIO()
    np.save(array, np.random.default_rng(3).normal(size=(11, 4)).astype(np.float32))
    ids = "id\n" + "".join(f"A{n:02}\n" for n in range(11))
    at, _ = with_files({**SHOP, "vectors.npy": array.getvalue(), "ids.csv": ids.encode()})
    said = text_of(at)
    assert "Ids of the rows of vectors.npy" in said
    assert "NumPy array, 11 vectors of 4 numbers" in said
    assert t("import.missing") not in said
    button(at, t("import.go")).click().run()
    until(at, lambda page: has_button(page, t("import.another")))
    assert t("import.own_vectors") in text_of(at)
    assert t("import.embedded") not in text_of(at)


def test_a_child_that_dies_while_looking_is_a_sentence_with_a_way_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "question", lambda verb, words: [sys.executable, "-c", "raise MemoryError"])
    at, _ = with_files(SHOP)
    assert "ran out of memory" in text_of(at)
    monkeypatch.undo()
    monkeypatch.setattr("ui.preparing.vectors_ready", lambda recipe: False)
    assert has_button(at, t("import.look_again"))


@pytest.mark.parametrize("token", ["0" * 16, "../../etc", "x", "<b>"])
def test_a_draft_that_is_not_there_is_said(token: str) -> None:
    at = opened(part="import", draft=token)
    assert not at.exception
    assert t("import.no_draft") in text_of(at)
    assert t("import.step_files") in text_of(at)


def test_a_removed_file_is_gone_and_start_over_forgets_the_rest() -> None:
    at, token = with_files(SHOP)
    at = unfolded(token, import_draft.key_of(token, "foto.csv", "aside"))
    remove = next(one for one in at.button if one.label == t("import.remove") and "foto" in one.help)
    remove.click().run()
    assert [file.name for file in drafts.files(token)] == ["artikel.csv", "bestellungen.csv"]
    button(at, t("import.start_over")).click().run()
    assert not drafts.exists(token)
    assert token_of(at) == ""
    with pytest.raises(InputError):
        drafts.files(token)


def test_rules_and_knobs_of_an_open_group_reach_the_plan() -> None:
    at, token = with_files(SHOP)
    at = unfolded(token, f"{token}-cleaning", f"{token}-rare")
    widget(at.number_input, "Least items of a user").set_value(3).run()
    assert drafts.read_plan(token)["knobs"] == [["rare.user_core", 3]]  # type: ignore[index]
    mode = next(one for one in at.segmented_control if "rule-rare" in str(one.key))
    mode.set_value("off").run()
    assert drafts.read_plan(token)["rules"] == [["rare", "off"]]  # type: ignore[index]
    assert "1 is off" in "".join(one.label for one in at.expander)


def roles_of(token: str, name: str) -> tuple[str, ...]:
    """The part in which the roles of a file are changed."""
    return (import_draft.key_of(token, name, "change"),)


def unfolded(token: str, *keys: str) -> AppTest:
    """The page of a draft with these parts unfolded."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.query_params["part"], at.query_params["draft"] = "import", token
    for key in keys:
        at.session_state[key] = True
    at.switch_page(PAGE).run()
    assert not at.exception
    return at


def test_event_types_get_their_weights() -> None:
    rows = "".join(f"K{n % 5};A{n % 7};{'view' if n % 3 else 'purchase'}\n" for n in range(40))
    at, token = with_files({"log.csv": ("user;item;event\n" + rows).encode()})
    assert {one.label.split()[0]: one.value for one in at.number_input} == {"view": 1.0, "purchase": 5.0}
    widget(at.number_input, "purchase").set_value(9.0).run()
    assert drafts.read_plan(token)["events"] == [["purchase", 9.0]]  # type: ignore[index]
    assert widget(at.number_input, "purchase").value == 9.0


def test_hostile_names_and_cells_stay_text() -> None:
    evil = "![x](http://192.0.2.1/p.png)"
    log = f"user;item;{evil}\n" + "".join(f"<b>{n % 5}</b>;{evil}{n % 7};:red[{n}]\n" for n in range(40))
    at, _ = with_files({f"{evil}.csv": log.encode(), "=cmd|' /C calc'!A0.csv": b"a;b\n1;2\n"})
    assert not at.exception
    shown = [str(one.value) for kind in (at.markdown, at.caption, at.error, at.info) for one in kind]
    assert not [text for text in shown if "![x](" in text or ":red[" in text or "<b>" in text]


def test_kept_sets_are_renamed_deleted_after_two_questions_and_imported_anew() -> None:
    imported(SHOP)
    at = opened(part="kept sets")
    assert "bestellungen.csv" in text_of(at)
    button(at, t("kept.rename")).click().run()
    widget(at.text_input, t("import.name")).set_value("movielens-small").run()
    button(at, t("kept.save")).click().run()
    assert "built-in" in text_of(at)
    widget(at.text_input, t("import.name")).set_value("laden-2").run()
    widget(at.text_input, t("import.label")).set_value("Laden zwei").run()
    button(at, t("kept.save")).click().run()
    assert not at.exception
    assert [(kept.name, kept.label) for kept in kept_sets()] == [("laden-2", "Laden zwei")]
    assert "laden-2" in at.selectbox(key="dataset").options

    button(at, t("kept.again")).click().run()
    assert "bestellungen.csv" in text_of(at)
    at.file_uploader[0].set_value([(name, data, "text/csv") for name, data in SHOP.items()]).run()
    assert widget(at.text_input, t("import.name")).value == "laden-2"
    button(at, t("import.go")).click().run()
    until(at, lambda page: has_button(page, t("import.another")))
    assert [kept.name for kept in kept_sets()] == ["laden-2"]

    at = opened(part="kept sets", dataset="laden-2")
    button(at, t("kept.delete")).click().run()
    button(at, t("kept.yes_1")).click().run()
    assert len(kept_sets()) == 1
    button(at, t("kept.keep")).click().run()
    assert len(kept_sets()) == 1
    button(at, t("kept.delete")).click().run()
    button(at, t("kept.yes_1")).click().run()
    button(at, t("kept.yes_2")).click().run()
    assert not at.exception
    assert kept_sets() == ()
    assert t("kept.none") in text_of(at)


def test_kept_sets_stand_newest_first_under_headings_in_order() -> None:
    for label in ("Zuerst", "Danach"):
        imported(SHOP, label=label)
        time.sleep(1.1)  # the manifest counts in seconds
    at = opened(part="kept sets")
    titles = [one.value for one in at.markdown if one.value.startswith("#")]
    assert [title.split()[:2] for title in titles] == [["##", "Danach"], ["##", "Zuerst"]]
    assert "7 users, 11 items, 60 interactions" in text_of(at)
    button(at, t("kept.again")).click().run()
    assert drafts.exists(token_of(at))


def test_a_damaged_set_is_listed_with_its_reason_and_can_be_deleted(tmp_path: Path) -> None:
    imported(SHOP)
    (tmp_path / "data" / "datasets" / "kleiner-laden" / "manifest.json").write_text("{}")
    at = opened(part="kept sets")
    assert not at.exception
    assert "damaged" in text_of(at)
    button(at, t("kept.delete")).click().run()
    button(at, t("kept.yes_1")).click().run()
    button(at, t("kept.yes_2")).click().run()
    assert kept_sets() == ()
