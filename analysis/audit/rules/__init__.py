"""Rules of the audit, a module a family."""
