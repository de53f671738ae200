"""Offline scripts, each run as ``python -m train.VERB``; ``python -m train VARIANT`` trains."""
