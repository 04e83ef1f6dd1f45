"""What a definition says without anybody meaning it: rules that contradict each other, always hold, change nothing.

`facts` are sets of values that one fact of a member may have, `reasoning` asks whether claims can hold together, and
`findings` asks that of the rules of a definition. Nothing here looks at a member: a finding is true of every bank. What
can't be shown within a bounded number of steps is not found; what is found is never wrong.
"""
