"""The program its users meet: command line, HTTP API, web pages, storage and jobs."""

import gc

# Imports make hundreds of thousands of objects that stay. Looking through them at Python's own rate is a fifth of the
# time that each process takes to start: web, worker, the one that does the jobs, and every command.
gc.set_threshold(50_000, 20, 50)
