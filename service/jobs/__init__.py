"""Long work, done one job after the other beside the server."""
