"""Build of the package: all that pyproject.toml cannot say.

Setuptools copies modules to ``build/lib`` of the source tree and never removes them there: a later wheel would ship a
module that was deleted since.  A fresh folder cannot.  And an editable installation is a folder of links, so that type
checkers and editors, which run no import hooks, follow it to the sources.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from setuptools import setup
from setuptools.command.build import build
from setuptools.command.editable_wheel import editable_wheel

LINKS = ".editable"
"""Folder of links, from the package's name to the folders of the source tree."""


class FreshBuild(build):
    """A build in a temporary folder."""

    def initialize_options(self) -> None:
        """Choose the folder, and remove it at the end."""
        super().initialize_options()
        self.build_base = tempfile.mkdtemp(prefix="prunelit-build-")
        atexit.register(shutil.rmtree, self.build_base, ignore_errors=True)


class LinkedEditable(editable_wheel):
    """An editable installation whose package is a folder of links, which new modules join by themselves."""

    def finalize_options(self) -> None:
        """Take the modules from the links; without any, as on systems that allow none, by an import hook as usual."""
        package_dir = self.distribution.package_dir
        try:
            self._link(package_dir)
        except OSError:
            shutil.rmtree(LINKS, ignore_errors=True)
        else:
            self.distribution.package_dir = {"": LINKS}
        super().finalize_options()

    def _link(self, package_dir: dict[str, str]) -> None:
        shutil.rmtree(LINKS, ignore_errors=True)
        for package, folder in package_dir.items():
            top = Path(LINKS, *package.split("."))
            if package.count(".") == 0:
                top.mkdir(parents=True)
                for file in Path(folder).iterdir():
                    if file.is_file():
                        (top / file.name).symlink_to(os.path.relpath(file, top))
            elif package.count(".") == 1:
                top.symlink_to(os.path.relpath(folder, top.parent), target_is_directory=True)


setup(cmdclass={"build": FreshBuild, "editable_wheel": LinkedEditable})
