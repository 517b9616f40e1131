"""The demonstration programme: an invented programme with its whole cycle, made from a seed.

`plan`, `amounts` and `papers` say which documents, actions and calls there are and what they hold, `stories`
what becomes of each project, as plain data. `setting_up`, `documents`, `work_programmes` and `decisions` let
two officers do what lies above the projects, through the actions that every officer uses. `timeline` tells
all of it in the order of its moments; `copying` streams a million projects into a database made for measuring.
"""
