"""Sphinx: ``make docs`` builds with warnings as errors."""

from __future__ import annotations

from gfv_sei._version import __version__

project = "gfv"
release = version = __version__
project_copyright = "the authors of gfv"
html_title = f"gfv {version}"

extensions = ["myst_parser"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "_pages"]

html_theme = "furo"
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["wide.css"]
