"""Figures of speed and size: every demand with what is measured beside it, in one run on one machine."""
