"""The pages people see: server-drawn, in two languages, with no script and nothing from elsewhere."""
