"""How does a record come about: from a bibliography, a spreadsheet, or the result folders of a framework?"""
