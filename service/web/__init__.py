"""The pages: rendered by the server, no script, every asset from this program."""
