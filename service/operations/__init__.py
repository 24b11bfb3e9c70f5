"""What the program does for its users, the same for the command line, the API and the pages."""
