"""Objects as files: places, listings, transfers in both directions."""
