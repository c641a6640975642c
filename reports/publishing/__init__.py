"""Files that are written whole or not at all, what seals them, and where they come from."""
