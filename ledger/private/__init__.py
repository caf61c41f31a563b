"""Private values: concealed in the leaf, kept encrypted beside the log, disclosed and erased."""
