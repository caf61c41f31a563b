"""From quotes to every node's values: the computation behind a release."""
