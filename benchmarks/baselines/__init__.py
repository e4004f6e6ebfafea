"""What the project is measured against: each is written as somebody would who has an afternoon and no engine."""
