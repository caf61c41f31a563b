"""Commercial cryptography: SM3 and SM2, and a tree of the same entries that uses nothing else.

The log itself stays SHA-256 and Ed25519, which every tlog client reads. This tree stands beside it under
its own name, for those whom the Cryptography Law of 2019 asks for approved algorithms.
"""
