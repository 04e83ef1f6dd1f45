"""Who works here: people with their roles, invitations, access that ended."""
