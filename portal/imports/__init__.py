"""Sheets into records: read, compare, preview, apply.

A sheet is a CSV file with one header row (`sheets`). Its cells become values (`cells`). Applying it compares
each row with the record of the same key and writes only differences (`keeping`). Everything of a sheet is
written, or nothing: one refused row, or a preview, rolls all of it back, and the report (`reports`) says
row by row what was or would have been done. What a row means is the business of each app's actions.
"""
