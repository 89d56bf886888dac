"""Figures: SVG and animated GIF."""
