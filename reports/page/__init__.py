"""The page itself: its sections, its templates, the index."""
