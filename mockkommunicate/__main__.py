"""python -m mockkommunicate."""

from mockkommunicate.cli import main

main()
