"""Exercises: questions on real data whose answers the engine works out, right ones and wrong ones."""
