"""The demonstration programme: an invented programme with its whole cycle, made from a seed.

`plan` says which work programmes, actions and calls there are, `stories` what becomes of each project, as
plain data. `timeline` writes fifty stories through the ledger in the order of their moments; `copying`
streams a million of them into a database made for measuring.
"""
