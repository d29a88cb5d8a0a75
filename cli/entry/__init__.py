"""Entry of records: from a bibliography, a spreadsheet, or the result folders of a framework."""
