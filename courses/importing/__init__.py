"""People who are enrolled in a run already, from a spreadsheet: read, looked at, and only then enrolled.

``tables``    bytes to rows of text, whatever the file holds
``rows``      rows of text to doctors, with what is wrong in words
``outlook``   what would become of each, before anything is saved
``batch``     what was seen, signed, and enrolled row by row
``template``  the empty file to fill in
"""
