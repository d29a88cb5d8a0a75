"""Tables of files in every form that people have them in: cells as text, with their places."""
