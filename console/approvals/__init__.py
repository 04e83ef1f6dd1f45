"""The pages of approvals, and what the pages of the things themselves say about theirs."""
