"""Settings of the site for Sphinx, which `python -m docs.build` runs on build/site-source."""

from hashlib import sha256
from pathlib import Path

from docutils import nodes

from docs import build, facts

project = "Building Petabyte-Scale ML Models with Python"
copyright = "2026, the authors. Code: BSD 3-Clause. Prose and figures: CC BY 4.0"
html_title = "Petabyte-Scale ML with Python"
language = "en"

extensions = ["myst_nb"]
nb_execution_mode = "off"  # the committed outputs are what was tested
myst_enable_extensions = ["substitution"]
myst_heading_anchors = 3
myst_substitutions = facts.substitutions()

html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False  # the sources are the repository's notebooks
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system is
html_theme_options = {
    "repository_url": build.REPOSITORY or "",
    "use_repository_button": bool(build.REPOSITORY),
    "use_download_button": False,
    "navbar_persistent": [],  # the side bar has a search field already
    "show_toc_level": 2,
    "footer_content_items": ["copyright.html"],
}


def words_for_figures(app, doctree) -> None:
    """Give each figure of a notebook the alt text that came with it, which MyST-NB leaves behind."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix == ".ipynb":
        words = {sha256(png).hexdigest(): alt for png, alt in build.figures(path)}  # MyST-NB names files so
        for picture in doctree.findall(nodes.image):
            picture["alt"] = words.get(Path(picture["uri"]).stem, "")


def setup(app) -> None:
    app.connect("doctree-read", words_for_figures)
