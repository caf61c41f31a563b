"""What was asked beside what was paid, and how much of the market the sample covers."""
