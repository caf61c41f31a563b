"""The automatic checks of the compliance table: each looks at what is stored and says what it found."""
