"""Which tests each type of field allows, and which test is the opposite of which."""

NULLS = ("null", "notNull")
ORDERED = ("=", "!=", "<", ">", "<=", ">=", "between", "notBetween")
PARTS = ("contains", "doesNotContain", "beginsWith", "doesNotBeginWith", "endsWith", "doesNotEndWith")
OPERATORS: dict[str, tuple[str, ...]] = {
    "text": ("=", "!=", "in", "notIn", *PARTS, *NULLS),
    "choice": ("=", "!=", "in", "notIn", *NULLS),
    "number": (*ORDERED, "in", "notIn", *NULLS),
    "money": (*ORDERED, *NULLS),
    "date": (*ORDERED, *NULLS),
    "datetime": (*ORDERED, *NULLS),
    "boolean": ("=", "!=", *NULLS),
    "list": ("contains", "doesNotContain", "in", "notIn", *NULLS),
    "segment": ("in", "notIn", "=", "!=", *NULLS),
    "related": ("=",),
    "all": ("=",),
}
# A negative test is the exact complement of its positive one: it includes rows where nothing is recorded.
NEGATIVE = {
    "!=": "=",
    "notIn": "in",
    "notBetween": "between",
    "notNull": "null",
    "doesNotContain": "contains",
    "doesNotBeginWith": "beginsWith",
    "doesNotEndWith": "endsWith",
}
