"""Where does a build put its intermediate files?

Everything else about the package stands in pyproject.toml.  Setuptools copies modules to ``build/lib`` of the source
tree and never removes them there: a later wheel would ship a module that was deleted since.  A fresh folder cannot.
"""

import atexit
import shutil
import tempfile

from setuptools import setup
from setuptools.command.build import build


class FreshBuild(build):
    """A build in a temporary folder."""

    def initialize_options(self) -> None:
        """Choose the folder, and remove it at the end."""
        super().initialize_options()
        self.build_base = tempfile.mkdtemp(prefix="prunelit-build-")
        atexit.register(shutil.rmtree, self.build_base, ignore_errors=True)


setup(cmdclass={"build": FreshBuild})
