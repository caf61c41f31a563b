"""The rules that judge a price, one a file; `registry` names them all."""
