"""Every formula of the library over a table of one's own: for whoever wants to try a method or check ours."""
