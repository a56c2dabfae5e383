"""The import page's own thinking: plans from widgets, words, the ledger as a sum, the picture of the weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importing.plan import FilePlan, ImportPlan
from core.importing.views import FileView
from core.registry import stage
from core.sheets import APPLY, LOOK, OFF, Dialect, Entry, Ledger
from core.store import drafts
from ui import import_check, import_draft, import_files, import_ledger, import_rules
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
    said = [import_check.confidence_words(share) for share in (0.95, 0.75, 0.5, 0.1)]
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


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("bars", [(), ((3.0, 3.0, 5),), tuple((2.0**n, 2.0 ** (n + 1), n) for n in range(19))])
def test_the_picture_of_any_weights(bars: tuple[tuple[float, float, int], ...], dark: bool) -> None:
    figure = weights_figure(bars, dark)
    assert len(figure.data[0].y) == len(bars)
    assert not figure.layout.shapes
    assert len(figure.layout.xaxis.ticktext or ()) <= 12
