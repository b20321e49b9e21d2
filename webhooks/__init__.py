"""Telling other systems what happened. The room is empty until its own issue; its place in the layers is kept."""
