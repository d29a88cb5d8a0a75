"""Rules of the audit, a module a family; each function marked with ``rule`` is one, in the order of its module."""
