"""Look inside attention networks for signals, and learn whether what they show is real."""

__version__ = "0.1.0"
