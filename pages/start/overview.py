"""Overview: what this is, the recall pipeline with its real figures, and one worked example."""

import streamlit as st

from ui import blocks, controls, overview_view, preparing, resources
from ui.text import t

dataset, repaired = controls.start("overview")

st.title(t("overview.title"))
st.markdown(t("overview.lead"))
blocks.notices(repaired)

recipe = overview_view.recipe_of(dataset)
if resources.ready(recipe):
    vectors = resources.vectors(recipe)
    run = resources.run(recipe, overview_view.example_user(recipe))
    blocks.notices(vectors.notices)
    overview_view.pipeline(dataset, run, vectors)
    overview_view.ways_in()
    overview_view.example(dataset, run, vectors)
else:
    overview_view.pipeline(dataset, None, None)
    preparing.vectors_ready(recipe)
overview_view.data_summary(dataset)
