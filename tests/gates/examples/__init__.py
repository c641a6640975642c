"""Broken analyses and their sound twins; a module is a section of the page."""
