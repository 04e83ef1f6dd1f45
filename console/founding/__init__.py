"""How it begins: the first person, an organization, its first ledger, what it counts in, its first data."""
