"""data_scripts.download and data_scripts.files: files arrive whole and verified, or not at all."""

from __future__ import annotations

import errno
import gzip
import hashlib
from itertools import repeat
from pathlib import Path

import pytest

from data_scripts import download, files, mirror
from tests.loopback import serve

NAME = "some/data.bin"
BODY = bytes(range(256)) * 5_000  # more than the chunk that is read at a time


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder laid out like a mirror."""
    path = tmp_path / "shelf" / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(BODY)
    return tmp_path / "shelf"


@pytest.fixture
def server(shelf: Path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve(shelf) as server:
        yield server


@pytest.fixture
def naps(monkeypatch) -> list[float]:
    """The seconds that would have been waited between tries."""
    naps = []
    monkeypatch.setattr(download, "sleep", naps.append)
    return naps


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mine"


def test_a_file_comes_whole_from_an_address_and_from_a_folder(server, shelf, folder):
    for base in (server.url, f"{server.url}/", str(shelf)):
        path = download.fetch(NAME, base, folder=folder, sha256=hashlib.sha256(BODY).hexdigest())
        assert path == folder / "data.bin" and path.read_bytes() == BODY
        path.unlink()
    assert (shelf / NAME).read_bytes() == BODY
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "faults",
    [[403], [429], [500, 502, 503, 504], ["cut"], ["reset", "cut"], ["silence"]],
    ids=lambda faults: "-".join(map(str, faults)),
)
def test_a_passing_trouble_is_survived(server, folder, naps, monkeypatch, capsys, faults):
    monkeypatch.setattr(download, "TIMEOUT", 0.3)
    server.faults[NAME] = iter(faults)
    assert download.fetch(NAME, server.url, folder=folder).read_bytes() == BODY
    assert naps == list(download.DELAYS[: len(faults)])
    assert capsys.readouterr().err.count("trying again") == len(faults)


@pytest.mark.parametrize(("asked", "waited"), [("7", 7), ("1", 2), ("999999", 120), ("soon", 2)])
def test_a_server_that_asks_to_wait_is_obeyed_within_reason(server, folder, naps, asked, waited):
    server.faults[NAME] = iter([(429, asked)])
    assert download.fetch(NAME, server.url, folder=folder).read_bytes() == BODY
    assert naps == [waited]


@pytest.mark.parametrize("fault", [403, 503, "cut", "reset"])
def test_a_lasting_trouble_is_one_sentence_after_five_tries_with_growing_pauses(server, folder, naps, fault):
    server.faults[NAME] = repeat(fault)
    with pytest.raises(ConnectionError, match=f"{server.url}/{NAME} cannot be downloaded.*again later"):
        download.fetch(NAME, server.url, folder=folder)
    assert server.requests == [NAME] * 5
    assert naps == sorted(naps) and naps[0] == 2 and naps[-1] == 60
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("status", "kind"), [(404, FileNotFoundError), (401, ConnectionError)])
def test_what_will_not_change_is_not_tried_again(server, folder, naps, status, kind):
    server.faults[NAME] = repeat(status)
    with pytest.raises(kind, match=f"{NAME}.*{status}"):
        download.fetch(NAME, server.url, folder=folder)
    assert server.requests == [NAME] and naps == []
    assert list(folder.iterdir()) == []


def test_a_server_that_is_not_there_is_one_sentence(shelf, folder, naps, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve(shelf) as server:
        url = server.url
    with pytest.raises(ConnectionError, match="no connection"):
        download.fetch(NAME, url, folder=folder)
    assert len(naps) == len(download.DELAYS)


@pytest.mark.parametrize("base", ["http://", "https://:80"])
def test_an_address_without_a_host_is_one_sentence(folder, base):
    with pytest.raises(ValueError, match="no web address"):
        download.fetch(NAME, base, folder=folder)


def test_a_wrong_checksum_keeps_the_file_that_was_there(server, shelf, folder):
    for base in (server.url, str(shelf)):
        folder.mkdir(exist_ok=True)
        (folder / "data.bin").write_text("mine")
        with pytest.raises(ValueError, match=f"{NAME}.*SHA-256"):
            download.fetch(NAME, base, folder=folder, sha256="0" * 64)
        assert (folder / "data.bin").read_text() == "mine"
        assert len(list(folder.iterdir())) == 1


def test_a_verified_file_is_not_fetched_again_but_another_is(server, folder):
    for _ in range(2):
        download.fetch(NAME, server.url, folder=folder, sha256=hashlib.sha256(BODY).hexdigest())
    assert server.requests == [NAME]
    (folder / "data.bin").write_bytes(BODY[:-1])
    download.fetch(NAME, server.url, folder=folder, sha256=hashlib.sha256(BODY).hexdigest())
    assert (folder / "data.bin").read_bytes() == BODY


def test_a_packed_file_stays_packed(server, shelf, folder):
    (shelf / "some/data.gz").write_bytes(gzip.compress(BODY))
    path = download.fetch("some/data.gz", server.url, folder=folder)
    assert gzip.decompress(path.read_bytes()) == BODY


def test_a_file_larger_than_the_disk_is_refused_before_it_is_read(server, folder, naps):
    server.faults[NAME] = iter(["huge"])
    with pytest.raises(OSError, match=r"no room.*MB needed.*WORKSHOP_DATA"):
        download.fetch(NAME, server.url, folder=folder)
    assert naps == []
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_sentence(shelf, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match=r"cannot be written.*WORKSHOP_DATA"):
        download.fetch(NAME, str(shelf), folder=tmp_path / "file" / "below")


def test_a_missing_mirror_and_a_file_missing_in_it_are_told_apart(shelf, folder):
    with pytest.raises(FileNotFoundError, match=r"no .*other\.bin"):
        download.fetch("some/other.bin", str(shelf), folder=folder)
    with pytest.raises(NotADirectoryError, match="no folder"):
        mirror.checksums(str(shelf / "nowhere"), folder)


def test_checksums_are_read_as_sha256sum_writes_them(server, shelf, folder):
    (shelf / "SHA256SUMS").write_text(
        f"{'a' * 64}  one.csv\n{'B' * 64} *two/2.bin\n{'c' * 64}  ./three 3\n\nnonsense\n"
    )
    expected = {"one.csv": "a" * 64, "two/2.bin": "b" * 64, "three 3": "c" * 64}
    assert mirror.checksums(server.url, folder) == expected
    assert mirror.checksums(str(shelf), folder) == expected
    assert list(folder.iterdir()) == []


def test_a_mirror_without_checksums_gets_one_warning(server, shelf, folder, capsys):
    for base in (server.url, str(shelf)):
        assert mirror.checksums(base, folder) == {}
        message = capsys.readouterr().err
        assert message.count("\n") == 1 and "SHA256SUMS" in message and base in message


def test_what_a_mirror_does_not_list_is_held_to_the_checksum_that_the_kit_knows(shelf, folder, monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_MIRROR", str(shelf))
    right, wrong = hashlib.sha256(BODY).hexdigest(), "0" * 64
    for listed in (None, "", f"{right}  other.bin\n"):
        if listed is not None:
            (shelf / "SHA256SUMS").write_text(listed)
        with mirror.source("http://upstream", folder) as fetch:
            assert fetch(NAME, right).read_bytes() == BODY
            with pytest.raises(ValueError, match="SHA-256"):
                fetch(NAME, wrong)
    assert "does not list" not in capsys.readouterr().err
    (shelf / "SHA256SUMS").write_text(f"{right}  {NAME}\n")  # a mirror of fewer rows has checksums of its own
    with mirror.source("http://upstream", folder) as fetch:
        assert fetch(NAME, wrong).read_bytes() == BODY


def test_a_mirror_that_cannot_be_read_is_blamed_and_not_the_data_folder(shelf, folder):
    (shelf / "a folder").mkdir()
    with pytest.raises(OSError, match=r"a folder cannot be read.*WORKSHOP_MIRROR"):
        download.fetch("a folder", str(shelf), folder=folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("name", "base"), [("", "http://host"), ("/", "http://host"), ("a", "")])
def test_an_empty_name_is_refused(folder, name, base):
    with pytest.raises(ValueError, match=r"base is .* relative_path"):
        download.fetch(name, base, folder=folder)


def test_a_failed_write_keeps_the_old_file_and_removes_the_new(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), files.replacing(path) as part:
        part.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_way_of_a_file_is_named_and_stays(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    with (
        pytest.raises(OSError, match=r"a cannot be written: it is a folder; move it"),
        files.replacing(tmp_path / "a") as part,
    ):
        part.touch()
    with pytest.raises(IsADirectoryError, match=r"a is a folder, where a file belongs: move it"):
        files.once(tmp_path / "a", lambda: False, make=Path.touch)
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "a", tmp_path / "a" / "b"]


def test_a_message_shows_no_bytes_that_are_no_text(capsys):
    files.warn(f"{bytes(range(256)).decode('utf-8', errors='replace')} Zürich\x1b[2J\nnext")
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and said[:-1].isprintable() and "\ufffd" not in said
    assert said.endswith("Zürich?[2J next\n")


def test_exit_codes_are_0_1_and_130_with_one_sentence(capsys):
    def failing(error):
        def job():
            raise error

        return job

    assert files.exit_code(lambda: None) == 0
    assert capsys.readouterr().err == ""
    for error, code in [
        (OSError(errno.EIO, "Input/output error"), 1),
        (ValueError("no"), 1),
        (KeyboardInterrupt(), 130),
    ]:
        assert files.exit_code(failing(error)) == code
        assert capsys.readouterr().err.count("\n") == 1
