"""``python -m prunelit`` is the command ``prunelit``."""

from prunelit.cli import main

if __name__ == "__main__":
    main()
