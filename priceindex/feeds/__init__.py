"""Where quotes come from: every feed fetches one raw body and parses it, and nothing else."""
