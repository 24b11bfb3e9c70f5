"""Who may do what: accounts and how they sign in, the matrix of rights, and what of the store each may see."""
