"""What a study is made of: which recipes stand beside which, what came of them, and how that is shown."""
