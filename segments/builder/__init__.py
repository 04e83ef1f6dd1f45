"""The rule builder: a draft of a definition, as a form that people edit and as JSON that the compiler reads.

A draft is the definition's own JSON, but it may hold what is not finished: blank values, text where a number belongs.
`operations` change its shape, `posted` reads it from a form, `rows` lays it out for the page, `faults` says where it
can't be compiled, `counting` counts it. All but the last are pure functions.

A *path* names a node of the draft as the form does: "" is the root, "/rules/2" its third node, and "/rules/2/where" the
conditions of a block of related rows, wherever the JSON keeps them (`value` of a match, `meta.where` of an aggregate).
"""
