"""One change to many accounts: asked for in the list of accounts, foretold, carried out in batches."""
