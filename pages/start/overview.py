"""Overview: what this is, the recall pipeline with its real figures, and one worked example."""

from ui import blocks, overview_view, page_start, preparing, resources

dataset = page_start.start("overview")

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
