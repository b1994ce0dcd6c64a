"""What the README's figures come from, rerunnable: `python -m benchmarks`."""
