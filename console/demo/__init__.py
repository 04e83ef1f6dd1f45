"""The demo bank: Nordbank a.s., whose customers, accounts and transactions are invented but believable.

Everything in it follows from a row's number by a hash, so that two loads for the same day hold the same bank; every row
is made by the database from a few small tables, so that a million customers load in minutes.
"""
