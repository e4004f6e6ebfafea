"""Work for more than one core or machine: history, sensitivity and calibration over a library, in blocks.

`blocks` cuts the work, `running` has it done by any `concurrent.futures.Executor`, in a fixed order and
again where a worker died; `processes` and `cluster` are two such executors, `folder` keeps what came out.
"""
