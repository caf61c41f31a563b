"""The rules a step is judged by, each subject in a file of its own; `trace.rules` asks them all."""
