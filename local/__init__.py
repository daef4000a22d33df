"""The embedded AWS: start it, deploy the template into it, say what runs where."""
