"""The pages: rendered by the server, useful without script, every asset from this program."""
