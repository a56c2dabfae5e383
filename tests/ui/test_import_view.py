"""The import page's own thinking: plans from widgets, words, the ledger as a sum, the picture of the weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importing.plan import FilePlan, ImportPlan
from core.importing.views import ColumnView, FileView, Inspection
from core.registry import stage
from core.sheets import APPLY, LOOK, OFF, Dialect, Entry, Guess, Ledger
from core.store import drafts
from ui import (
    import_check,
    import_draft,
    import_files,
    import_large,
    import_ledger,
    import_name,
    import_roles,
    import_rules,
    kept_sets,
)
from ui.figures.weights import liked, weights_figure
from ui.import_draft import Draft
from ui.text import t, words

LOG = FilePlan("/x/log.csv", "log.csv", "interactions", Dialect(encoding="cp1252"), (("user_id", ("a",)),))
PLAN = ImportPlan("shop", files=(LOG, FilePlan("/x/items.csv", "items.csv")))


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("RECALLSCOPE_DATA", str(tmp_path))
    return drafts.new_draft()


def roles_of(plan: ImportPlan, name: str) -> dict[str, tuple[str, ...]]:
    return dict(next(file for file in plan.files if file.name == name).roles)


def test_a_role_that_takes_a_column_takes_it_from_the_one_before() -> None:
    plan = import_draft.with_role(PLAN, "log.csv", "interactions", "item_id", ["a"])
    assert roles_of(plan, "log.csv") == {"user_id": (), "item_id": ("a",)}
    assert plan.files[1] == PLAN.files[1]


def test_title_and_text_of_an_item_may_share_a_column() -> None:
    plan = import_draft.with_role(PLAN, "items.csv", "items", "title", ["name"])
    plan = import_draft.with_role(plan, "items.csv", "items", "text", ["name", "plot"])
    assert roles_of(plan, "items.csv") == {"title": ("name",), "text": ("name", "plot")}
    plan = import_draft.with_role(plan, "items.csv", "items", "text", [])
    assert roles_of(plan, "items.csv") == {"title": ("name",), "text": ()}


def test_another_kind_or_another_reading_makes_roles_be_guessed_anew() -> None:
    kind = import_draft.with_kind(PLAN, "log.csv", "tags").files[0]
    assert (kind.kind, kind.roles, kind.dialect) == ("tags", (), LOG.dialect)
    read = import_draft.with_dialect(PLAN, "log.csv", "delimiter", ";").files[0]
    assert (read.kind, read.roles, read.dialect) == ("interactions", (), Dialect(encoding="cp1252", delimiter=";"))


def test_without_decisions_a_plan_keeps_its_name_and_rules() -> None:
    plan = import_draft.as_guessed(ImportPlan("shop", files=(LOG,), feedback="count", rules=(("rare", "off"),)))
    assert plan == ImportPlan("shop", files=(FilePlan("/x/log.csv", "log.csv"),), rules=(("rare", "off"),))


def test_a_draft_knows_its_files_and_those_it_waits_for(token: str) -> None:
    drafts.save_file(token, "log.csv", b"u;i\n1;2\n")
    awaited = FilePlan("", "items.csv", "items", roles=(("title", ("name",)),))
    gone = FilePlan("/x/gone.csv", "gone.csv")
    drafts.save_plan(token, ImportPlan("", files=(awaited, gone)).to_json())
    draft = import_draft.load(token)
    assert [(file.name, bool(file.path)) for file in draft.plan.files] == [("items.csv", False), ("log.csv", True)]
    assert [file.name for file in draft.ready().files] == ["log.csv"]
    drafts.save_file(token, "items.csv", b"id;name\n2;x\n")
    found = import_draft.load(token).plan.files
    assert [(file.name, bool(file.path), file.roles) for file in found] == [
        ("items.csv", True, (("title", ("name",)),)),
        ("log.csv", True, ()),
    ]


def test_the_name_follows_the_label_unless_it_was_chosen(token: str) -> None:
    def draft(plan: ImportPlan) -> Draft:
        return Draft(token, plan, ())

    assert (draft(ImportPlan("")).label(), draft(ImportPlan("")).name()) == (t("import.my_data"), "my-data")
    assert draft(ImportPlan("", label="Läden & Co.")).ready().name == "laden-co"
    assert draft(ImportPlan("mine", label="Läden & Co.")).ready().name == "mine"


def test_what_was_looked_at_changes_with_files_and_roles_and_not_with_names(token: str) -> None:
    drafts.save_file(token, "log.csv", b"u;i\n1;2\n")
    first = import_draft.load(token)
    mark = import_draft.looked_at(first)
    named = Draft(token, replace(first.plan, label="Other", rules=(("rare", "off"),)), first.files)
    assert import_draft.looked_at(named) == mark
    assert (
        import_draft.looked_at(Draft(token, import_draft.with_kind(first.plan, "log.csv", "tags"), first.files)) != mark
    )
    drafts.save_file(token, "log.csv", b"u;i\n1;2\n3;4\n")
    assert import_draft.looked_at(import_draft.load(token)) != mark


def test_files_of_one_name_dropped_together_are_all_kept() -> None:
    given_names = ["a.csv", "a.csv", "b", "b", "a.csv"]
    assert import_draft._distinct(given_names) == ["a.csv", "a (2).csv", "b", "b (2)", "a (3).csv"]


@pytest.mark.parametrize(
    ("n_bytes", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1.0 kB"), (12_345, "12 kB"), (2_340_000, "2.3 MB"), (5e9, "5.0 GB")],
)
def test_sizes(n_bytes: int, said: str) -> None:
    assert import_files.size(n_bytes) == said


def test_the_format_line_says_how_a_file_is_read() -> None:
    view = FileView("a.csv", 1_200_000, dialect=Dialect("csv", "utf-8-sig", ";", "yes"), n_rows=3904)
    assert import_check.format_line(view) == "CSV, UTF-8 with BOM, separated by semicolons, 3,904 rows, 1.2 MB"
    view = FileView("a.dat", 10, dialect=Dialect("csv", "cp1252", "\t", "no"), n_rows=-1)
    assert import_check.format_line(view).startswith("Text table, Windows-1252 (Latin-1), separated by tabs, without a")


@pytest.mark.parametrize("field", ["encoding", "delimiter", "header"])
def test_every_way_to_read_a_file_has_words(field: str) -> None:
    known = {"encoding": import_check.ENCODINGS, "delimiter": import_check.DELIMITERS, "header": import_check.HEADERS}
    for value in known[field]:
        assert import_check.dialect_word(field, value) != value or value == ""


def test_low_confidence_stands_out() -> None:
    said = [import_roles.confidence_words(share) for share in (0.95, 0.75, 0.5, 0.1)]
    assert [":orange[" in text for text in said] == [False, False, True, True]
    assert all(percent in text for percent, text in zip(("95 %", "75 %", "50 %", "10 %"), said, strict=True))


def test_every_rule_has_a_group_and_its_summary_counts_them_all() -> None:
    known = import_rules._all()
    assert {import_rules.group_of(rule) for rule in known} == set(import_rules.GROUPS)
    assert {rule.key for rule in known} >= set(import_rules.GROUP_OF)
    for group in import_rules.GROUPS:
        assert f"import.group_{group}" in words()


def test_a_summary_follows_the_plan() -> None:
    rules = [stage("clean").get(key) for key in ("bot_volume", "bot_speed", "repeats")]
    assert import_rules.summary(ImportPlan(""), rules) == "1 rule acts, 2 only show what they find"
    chosen = ImportPlan("", rules=(("bot_volume", APPLY), ("bot_speed", OFF)))
    assert import_rules.summary(chosen, rules) == "2 rules act, 1 is off"


def test_only_what_differs_from_a_rules_own_way_is_written_down() -> None:
    rare = stage("clean").get("rare")
    spec = next(spec for spec in stage("clean").knobs("rare") if spec.name == "user_core")
    plan = import_rules._with_mode(rare, ImportPlan(""), OFF)
    assert plan.rules == (("rare", OFF),)
    assert import_rules._with_mode(rare, plan, rare.mode).rules == ()
    plan = import_rules._with_knob(spec, "rare.user_core", plan, 5)
    assert plan.knobs == (("rare.user_core", 5),)
    assert import_rules._with_knob(spec, "rare.user_core", plan, spec.default).knobs == ()


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from([APPLY, LOOK])), max_size=6), st.integers(0, 100))
def test_the_ledger_shown_adds_up_line_by_line(found: list[tuple[int, str]], kept: int) -> None:
    entries = tuple(
        Entry(f"rule{place}", mode, touched, touched if mode == APPLY else 0, "text")
        for place, (touched, mode) in enumerate(found)
    )
    dropped = sum(entry.dropped for entry in entries)
    shown = import_ledger.sum_of(Ledger("interactions", kept + dropped, kept, entries))
    assert len({len(column) for column in shown.values()}) == 1
    left = [int(cell.strip("*").replace(",", "")) for cell in shown[t("import.ledger_left")]]
    taken = [int(cell.replace(",", "").replace("−", "") or 0) for cell in shown[t("import.ledger_dropped")]]
    assert left[0] == kept + dropped
    assert left[-1] == kept
    assert all(before - out == after for before, after, out in zip(left, left[1:-1], taken[1:], strict=False))


def test_rule_names_are_words_and_unknown_ones_stay() -> None:
    assert import_ledger.rule_name("repeats") == stage("clean").get("repeats").label
    assert import_ledger.rule_name("unreadable") == t("import.rule_unreadable")
    assert import_ledger.rule_name("of another version") == "of another version"


STARS = ((1.0, 1.0, 10), (2.0, 2.0, 0), (4.0, 4.0, 30), (5.0, 5.0, 60))


@pytest.mark.parametrize(("liked_from", "first"), [(None, 0), (1.0, 0), (1.5, 1), (4.0, 2), (4.5, 3), (6.0, 4)])
def test_liked_bars_begin_at_the_threshold(liked_from: float | None, first: int) -> None:
    assert list(liked(STARS, liked_from)) == list(range(first, 4))


def test_the_picture_colours_what_counts_as_liked() -> None:
    figure = weights_figure(STARS, dark=False, liked_from=4.0, axis="rating")
    colours = figure.data[0].marker.color
    assert list(figure.data[0].y) == [10, 0, 30, 60]
    assert colours[0] == colours[1] != colours[2] == colours[3]
    assert figure.layout.shapes[0].x0 == 1.5
    assert figure.data[0].hovertext[2] == "4: 30 rows (30 %)"


@pytest.mark.parametrize(("rows", "whole"), [(1, True), (4, True), (5, False), (0, True)])
def test_few_rows_have_whole_ticks(rows: int, whole: bool) -> None:
    axis = weights_figure(((3.0, 3.0, rows),), dark=False).layout.yaxis
    assert (axis.tickformat == "d") == whole
    assert (axis.dtick == 1) == whole


@pytest.mark.parametrize(
    ("names", "label"),
    [
        ({"ml-100k.inter": "interactions", "ml-100k.item": "items"}, "ml-100k"),
        ({"shop_2024_orders.csv": "interactions", "shop_2024_goods.csv": "items"}, "Shop 2024"),
        ({"user_artists.dat": "interactions", "user_friends.dat": "tags"}, "User artists"),
        ({"Orders.csv": "interactions", "goods.csv": "items"}, "Orders"),
        ({"goods.csv": "items", "plays.tsv": "interactions", "plays.png": "unused"}, "Plays"),
        ({"购买.csv": "interactions"}, ""),
    ],
)
def test_a_set_is_called_after_its_files(names: dict[str, str], label: str) -> None:
    seen = Inspection(tuple(FileView(name, 1, kind=kind) for name, kind in names.items()))
    assert import_name.label_of(seen) == label


def test_long_values_keep_what_tells_them_apart() -> None:
    urls = [f"https://images.example.com/products/large/{n:05}-front.jpg" for n in range(3)]
    shown = [import_roles.shortened(url) for url in urls]
    assert len(set(shown)) == 3
    assert {len(text) for text in shown} == {import_roles.SAMPLE_LETTERS}
    assert import_roles.shortened("A lamp for the\nhome, in red and in blue") == "A lamp for the home, in red…"
    assert import_roles.shortened("short") == "short"


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("data.zip: is a zip archive", "Is a zip archive"),
        ("data.zip, row 3: no user", "Row 3: no user"),
        ("data.zip is a zip archive", "Is a zip archive"),
        ("other.zip: is none", "Other.zip: is none"),
        ("", ""),
    ],
)
def test_a_problem_under_its_files_name_does_not_repeat_it(problem: str, said: str) -> None:
    assert import_check.own_words(problem, "data.zip") == said


@pytest.mark.parametrize(
    ("used", "aside", "said"),
    [(1, 0, "1 file understood."), (2, 2, "2 files understood, 2 left aside."), (0, 1, "0 files understood, 1 left")],
)
def test_the_summary_counts_files(used: int, aside: int, said: str) -> None:
    views = [FileView(f"{n}.csv", 1, kind="tags") for n in range(used)]
    views += [FileView(f"x{n}.csv", 1, problem="x is bad") for n in range(aside)]
    assert import_check.summary(Inspection(tuple(views))).startswith(said)


def test_one_row_is_one_row_and_an_array_says_its_shape() -> None:
    assert "1 row," in import_check.format_line(FileView("a.csv", 10, dialect=Dialect("csv"), n_rows=1))
    array = FileView("v.npy", 4600, kind="vectors", confidence=1.0, reason="70 vectors of 16 numbers", n_rows=70)
    assert import_check.format_line(array) == "NumPy array, 70 vectors of 16 numbers, 4.6 kB"
    ids = FileView("ids.csv", 9, kind="vectors", columns=(ColumnView("id", ("1",)),))
    assert import_check.rows_of(ids, Inspection((ids, array))) == "v.npy"
    assert import_check.rows_of(array, Inspection((ids, array))) == ""
    assert import_check.rows_of(ids, Inspection((ids,))) == ""


def test_a_file_asks_for_a_look_where_anything_is_unsure_or_missing() -> None:
    user, item = Guess("user_id", ("u",), 0.95, "name"), Guess("item_id", ("i",), 0.8, "name")
    sure = FileView("a.csv", 1, kind="interactions", confidence=0.9, guesses=(user, item))
    assert import_roles.is_clear(sure)
    assert not import_roles.is_clear(replace(sure, confidence=0.5))
    assert not import_roles.is_clear(replace(sure, guesses=(user, Guess("item_id", (), 0.0, ""))))
    doubtful = Guess("weight", ("w",), 0.5, "content")
    assert not import_roles.is_clear(replace(sure, guesses=(user, item, doubtful)))
    assert import_roles.is_clear(replace(sure, guesses=(user, item, replace(doubtful, why="given"))))


def test_a_failure_names_its_rule() -> None:
    found = import_rules.rule_named("no interaction is left after cleaning: the rule rare took out 60 of 60 (x)")
    assert found is stage("clean").get("rare")
    assert import_rules.rule_named("the disk is full") is None


def test_every_knob_with_a_unit_says_it() -> None:
    for key in stage("clean").names():
        for spec in stage("clean").knobs(key):
            assert spec.unit in import_rules.knob_label(f"{key}.{spec.name}", spec).lower()
    leeway = next(spec for spec in stage("clean").knobs("time_range") if spec.name == "leeway")
    assert import_rules.knob_label("time_range.leeway", leeway) == "Leeway into the future (hours)"


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_whatever_the_browser_says_of_large_files_is_taken_with_care(said: object) -> None:
    assert isinstance(import_large.understood(said), tuple)


def test_large_files_are_few_and_have_short_names() -> None:
    said = [{"name": "x" * 500, "size": 6e7}, {"name": "", "size": 1}, {"name": "y", "size": "big"}, {"size": 1}]
    found = import_large.understood([*said, *[{"name": "z", "size": 1}] * 50])
    assert (len(found[0].name), found[0].n_bytes) == (import_large.NAME_LETTERS, 60_000_000)
    assert len(found) <= import_large.MOST
    assert import_large.understood([{"name": "x", "size": float("nan")}]) == ()


def test_a_short_name_of_one_long_word_can_be_broken() -> None:
    shown = kept_sets.breakable("a" * 64)
    assert max(len(part) for part in shown.split("\u200b")) == kept_sets.PART
    assert shown.replace("\u200b", "") == "a" * 64


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("bars", [(), ((3.0, 3.0, 5),), tuple((2.0**n, 2.0 ** (n + 1), n) for n in range(19))])
def test_the_picture_of_any_weights(bars: tuple[tuple[float, float, int], ...], dark: bool) -> None:
    figure = weights_figure(bars, dark)
    assert len(figure.data[0].y) == len(bars)
    assert not figure.layout.shapes
    assert len(figure.layout.xaxis.ticktext or ()) <= 12
