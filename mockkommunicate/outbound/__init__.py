"""What leaves the process: calls to webhooks and bots."""
