"""Speed, side by side with the ordinary ways of doing the same: ``python -m benchmarks``. See docs/speed.md."""
