"""The site: its pages, and the programs that build it (`python -m docs.build`) and check it."""
