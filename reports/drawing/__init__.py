"""Figures, drawn by matplotlib and put into the page as SVG."""
