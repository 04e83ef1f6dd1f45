"""The actual values that rules look at: read as columns of a query, in words, and beside a member’s name."""
