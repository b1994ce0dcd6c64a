"""Tests of the README and of docs/: every block of code is run, and every name that there is is on a page."""
