"""The addresses the service answers, a module for each subject; `all_routes` lists them all."""
