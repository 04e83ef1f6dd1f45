"""Keeping memberships true: whom a change touched, whom a refresh looks at, what it writes, what owners are told."""
