"""The database: tables, and functions on a connection."""
