"""What the law and the profession ask of an index, what shows that it is kept, and who may complain."""
