"""`python -m bucketpass`."""

from bucketpass.cli.main import main

main()
