"""From words with places to words for one customer, written by a process that can be stopped."""
