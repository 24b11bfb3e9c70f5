"""Where in a document each field stands: by label and synonym, never by place."""
