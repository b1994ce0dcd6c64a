"""The JSON: what requests may hold and how answers look. Wire names stop here."""
