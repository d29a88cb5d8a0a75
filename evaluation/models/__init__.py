"""Networks for images, in their published forms, one family a file."""
