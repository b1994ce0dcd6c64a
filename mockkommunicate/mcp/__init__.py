"""An MCP server over the control API: what a coding assistant needs to seed, drive, fail and verify."""
