"""What an evaluation report says, and how it is drawn.

`material` and `portfolio` read what was asked for; the section modules write it down as blocks and tables;
`writing` puts the sections in order; `drawing` makes page parts and the PDF from what was frozen.
"""
