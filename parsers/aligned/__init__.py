"""Tables without rules, or with few: columns and rows told by where writing stands in line and where nothing does."""
