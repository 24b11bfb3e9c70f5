"""What was done, by whom, from where: written with the effect itself, and chained so that no row can be changed."""
