"""Is a file safe to hand to a parser? One module a container format."""
