"""Check built pages: ``python -m docs.check build/site`` names every dead link and every picture without words.

Nothing is fetched, so addresses elsewhere are checked for their form only. A page must not load anything from
elsewhere: it has to work without a network.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("link", "href")}
HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


class Page(HTMLParser):
    """What a page has (ids), what it needs (loads), where it leads (links), and its pictures (alt by source)."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.pictures: list[tuple[str, str]] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attributes}
        self.ids |= {has[name] for name in ("id", "name") if name in has and (name == "id" or tag == "a")}
        self.loads += [has[name] for of, name in LOADED if of == tag and name in has]
        self.links += [has["href"]] if tag == "a" and "href" in has else []
        self.pictures += [(has.get("src", ""), has.get("alt", ""))] if tag == "img" else []


def problems(site: Path) -> list[str]:
    """A sentence for each thing that is wrong with the pages of the folder `site`."""
    paths = [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]  # templates lie there
    pages = {path.resolve(): Page(path) for path in paths}
    if not pages:
        return [f"{site} holds no pages."]
    found = []
    for path, page in pages.items():
        name = path.relative_to(site.resolve())
        for source, alt in page.pictures:
            if _says_nothing(source, alt):
                found.append(f"{name}: the picture {source[:80]} has no alt text.")
        for address in page.loads:
            if urlsplit(address).netloc:
                found.append(f"{name}: loads {address} from elsewhere.")
            elif fault := _fault(address, path, pages):
                found.append(f"{name}: needs {address}, {fault}.")
        for address in dict.fromkeys(page.links):
            if fault := _fault(address, path, pages):
                found.append(f"{name}: links to {address}, {fault}.")
    for path in sorted(site.rglob("*.css")):
        for address in re.findall(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)", path.read_text("utf-8")):
            found.append(f"{path.relative_to(site)}: loads {address} from elsewhere.")
    return found


def _says_nothing(source: str, alt: str) -> bool:
    """Whether an alt text is missing; Sphinx puts the file's name where there is none."""
    words = alt.strip()
    return not words or words == source or words.split("/")[-1] == source.split("/")[-1]


def _fault(address: str, page: Path, pages: dict[Path, Page]) -> str:
    """What is wrong with an address on a page, or nothing."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "which is no address"
    if parts.scheme in ("data", "mailto"):
        return ""
    if parts.scheme or parts.netloc:
        fine = parts.scheme in ("http", "https") and HOST.fullmatch(host) and not re.search(r"\s", address)
        return "" if fine else "which is no address on the web"
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    target = target / "index.html" if target.is_dir() else target
    if not target.exists():
        return "which does not exist"
    if parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
        return "where there is no such place"
    return ""


def main(argv: list[str]) -> int:
    if len(argv) != 1 or not Path(argv[0]).is_dir():
        print("Name the folder of the built pages: python -m docs.check build/site", file=sys.stderr)
        return 2
    found = problems(Path(argv[0]))
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
