"""Download, verify or generate each dataset: ``python -m data_scripts.taxi --help``."""
