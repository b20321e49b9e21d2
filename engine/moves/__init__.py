"""What commands are made of: a move collects everything one step brings about in one case, then writes it once.

`Move` steps the process and collects tasks, deadlines, rows, changes and events; `writing.write` puts them down in a
fixed number of statements. `finishing.finish` is a human step from guard to write, `firing` a deadline's effect,
`delivering` a message to many cases, `repeating` the memory that makes a command safe to ask twice.
"""
