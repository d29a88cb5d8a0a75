"""Text of pages and reports."""
