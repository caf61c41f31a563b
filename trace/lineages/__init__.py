"""Where a lot's goods came from and where they went: shares, grams, holders, over any number of steps."""
