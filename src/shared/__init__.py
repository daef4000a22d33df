"""What the routes share: one concept a file, from settings to the object store."""
