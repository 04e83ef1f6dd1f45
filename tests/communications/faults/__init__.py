"""Dispatchers that are killed: at named points and at random, with a mail server that counts what arrives."""
