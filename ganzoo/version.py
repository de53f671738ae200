"""Which ganzoo this is: a module of its own, so that every layer may tell."""

__version__ = "0.1.0"
