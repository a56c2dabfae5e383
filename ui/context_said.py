"""What context and rules did to a list, in the lines above it."""

from __future__ import annotations

import streamlit as st

from core.answer import digits
from core.context.rules import difference
from core.counting import Counted, counted, in_context
from core.recipe import Recipe
from core.types import Dataset, RuleEffect, Run

from . import live, resources
from .text import plain_markdown, t

MOST_RULES = 3
"""Rules told one by one; of the others it is said how many there are."""
MOST_TITLES = 3


def said(run: Run) -> None:
    """The lines for the run's first user; nothing where there is neither a context nor a rule."""
    recipe, user = run.recipe, int(run.users.users[0])
    dataset = resources.dataset(recipe.dataset)[0]
    found = counted(recipe, dataset, user, live.audience(dataset, recipe))
    if found is not None:
        st.caption(f":material/event: {plain_markdown(counting(recipe, found))}")
    if run.rules:
        together = _together(run, user) if len(run.rules) > 1 else None
        lines = (plain_markdown(line) for line in rule_lines(dataset, run.rules, together))
        st.caption(":material/rule: " + "  \n".join(lines))


def _together(run: Run, user: int) -> RuleEffect:
    """All rules beside none."""
    bare = resources.run(run.recipe.replace(rules=""), user)
    return difference("", 0, bare.selected.items[0], run.selected.items[0])


def counting(recipe: Recipe, found: Counted) -> str:
    """ "Counting 84 of 232 interactions: evenings only." """
    counts = {"full": f"{found.full:,}", "part": f"{found.part:,}", "of": f"{found.of:,}"}
    key = "context.counting_part" if found.part else "context.counting"
    return t(key, **counts, rest=f"{digits(1 - recipe.affinity):g}", why=", ".join(_why(recipe)))


def _why(recipe: Recipe) -> list[str]:
    """The choices of a context in a few words each."""
    given = {name: getattr(recipe, name) for name in in_context(recipe)}
    named = {
        name: t(f"context.why_{name}", value=value) for name, value in given.items() if name in ("as_of", "window")
    }
    return [named.get(name) or t(f"context.why_{value}") for name, value in given.items()]


def rule_lines(dataset: Dataset, rules: tuple[RuleEffect, ...], together: RuleEffect | None) -> list[str]:
    """What rules did to the list: all together, then each beside the list that the others make; one alone by itself.

    together: of several rules. Items are named once, where the whole is told.
    """
    if together is None:
        return [_rule_line(effect, _did(effect, dataset)) for effect in rules]
    told = [t("context.together", n=len(rules), did=_did(together, dataset))]
    told += [_rule_line(effect, _did(effect)) for effect in rules[:MOST_RULES]]
    more = len(rules) - MOST_RULES
    return [*told, t("context.more_rules", n=more)] if more > 0 else told


def _rule_line(effect: RuleEffect, did: str) -> str:
    return t("context.rule_did" if effect.touched else "context.rule_idle", rule=effect.text, did=did)


def _did(effect: RuleEffect, dataset: Dataset | None = None) -> str:
    """ "2 in (Life, Metro), 1 out (More), 4 moved"; items are named where the data set is given."""
    parts = []
    for way, items in (("in", effect.entered), ("out", effect.left)):
        if items:
            named = "" if dataset is None else f" ({_titles(dataset, items)})"
            parts.append(t(f"context.{way}", n=len(items)) + named)
    parts += [t("context.moved", n=effect.moved)] if effect.moved else []
    return ", ".join(parts) or t("context.unchanged")


def _titles(dataset: Dataset, items: tuple[int, ...]) -> str:
    named = ", ".join(str(dataset.catalog.titles[item]) for item in items[:MOST_TITLES])
    return f"{named} …" if len(items) > MOST_TITLES else named
