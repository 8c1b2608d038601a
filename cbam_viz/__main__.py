"""``python -m cbam_viz``: the command line."""

from cbam_viz.cli import main

main()
