"""What parties and places declare of themselves: licences, staff, outlines, standing, changes, transfers."""
