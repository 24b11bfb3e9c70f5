"""The program its users meet: command line, HTTP API, web pages, storage and jobs."""
