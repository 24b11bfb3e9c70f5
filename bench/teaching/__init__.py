"""Teaching the recogniser the coarse print of fax machines: run by hand, with torch, which nothing else needs."""
