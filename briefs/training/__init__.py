"""Predict, then see: what a learner said, the file they keep it in, and how it compares with what the engine says."""
