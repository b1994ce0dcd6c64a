"""What the examples of a page find at hand: put before them when they are run."""
