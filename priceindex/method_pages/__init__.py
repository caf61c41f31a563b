"""The tables of docs/methodology*.md, made out of the code they tell of."""
