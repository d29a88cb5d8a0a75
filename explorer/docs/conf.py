"""Settings of Sphinx for the documentation of the site; ``prunelit site`` runs it."""

from importlib.metadata import version as version_of

project = "prunelit"
project_copyright = "The prunelit contributors"
version = release = version_of("prunelit")

extensions = [
    "myst_nb",  # Markdown, and notebooks in it that are executed
    "sphinx.ext.autodoc",  # reference of the Python functions, from their docstrings
    "sphinx.ext.napoleon",  # docstrings in Google's convention
    "prunelit.explorer.documentation.extension",  # what only prunelit has
]
exclude_patterns = ["_templates", "_static"]
templates_path = ["_templates"]
# Every link that leads nowhere is a warning, and warnings end the build.  Types in signatures are named, not linked:
# the inventories that say where pandas documents its own would come over the network.
nitpicky = True
nitpick_ignore_regex = [("py:.*", ".*")]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
suppress_warnings = [
    "myst-nb.lexer",  # a notebook that was not run knows no language
    "myst.header",  # the first heading of an included document is one of the page that includes it
    "mystnb.unknown_mime_type",  # figures are shown as SVG; what else Altair offers is for other programs
]

nb_execution_mode = "force"  # whenever a page is read, so that no answer is older than the page
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # would come over the network
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True

autodoc_typehints = "none"  # arguments are described in words, with their units
autodoc_member_order = "bysource"
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = "prunelit: documentation"
html_static_path = ["_static"]
html_css_files = ["prunelit.css"]
html_copy_source = False
html_show_sourcelink = False
html_search_language = "en"
html_show_search_summary = False  # the summary would fetch pages, which a browser refuses for files in a folder
html_last_updated_fmt = None
html_sidebars = {
    "**": [
        "sidebar/explorer.html",
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1f5f8b", "color-brand-content": "#1f5f8b"},
    "dark_css_variables": {"color-brand-primary": "#8cc4ee", "color-brand-content": "#8cc4ee"},
}
template_bridge = "prunelit.explorer.documentation.templates.PageTemplates"
