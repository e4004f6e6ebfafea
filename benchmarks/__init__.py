"""How fast it is, beside what anybody could have written, or beside what cannot be undercut, in the same run.

python -m benchmarks              all of them, the table of the ratios, and a status of 1 where one is missed
python -m benchmarks next_step    one
"""
