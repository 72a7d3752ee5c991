#!/usr/bin/env python
"""Every command of Overture and of Django; bin/overture calls it with the right Python."""

import sys

if __name__ == "__main__":
    from overture.management.command_line import main

    sys.exit(main(sys.argv[1:]))
