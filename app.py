"""Recallscope: see, steer and explain the recall stage of a recommender. ``streamlit run app.py``.

The server runs ``ui/main.py`` and not this file, because Streamlit takes a ``pages`` folder beside the script it runs
for its older page mode: the first visitor of a fresh server, on a deep link, would be told "Page not found". Run as a
script, by a test for one, this file draws the pages itself.
"""

from pathlib import Path

from streamlit.starlette import App

from ui.main import draw
from ui.warm import warmed

app = App(Path(__file__).parent / "ui" / "main.py", lifespan=warmed)

if __name__ == "__main__":
    draw()
