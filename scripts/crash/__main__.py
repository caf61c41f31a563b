"""`python -m crash`: what scripts/campaign runs."""

import sys

from crash.campaign import main

if __name__ == "__main__":
    sys.exit(main())
