"""The commands of the command line beside `serve`, a module for each."""
