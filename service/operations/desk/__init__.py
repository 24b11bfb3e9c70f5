"""The review desk: what of a file waits for a person's eyes, place by place, and what that person decides."""
