"""What the description of the API says beyond what its routes say of themselves."""
