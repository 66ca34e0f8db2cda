"""The one door for files: every file of every channel comes in by `door.take_in` and goes out by `safe_download`.

`refusals` says why a file is not taken, `scanner` asks ClamAV, `cell` opens the file in a process of its own with
bounded memory and time, `cleaning` sends it to the cleaner of its kind, `shelf` stores what is kept in private, and
`delivery` hands it out.
"""
