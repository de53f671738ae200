"""The Hub of the tests keeps to the real client's understanding of the protocol."""

from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

from tests import HUB_PORT
from tests.hub.server import LoopbackHub

ALICE, BOB = HfApi(token="token-of-alice"), HfApi(token="token-of-bob")
FILES = {"README.md": b"---\ntags: [ganzoo]\n---\n# m", "config.json": b"{}", "model.safetensors": bytes(100_000)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_what_is_uploaded_is_there_to_list_and_to_download(hub: LoopbackHub, folder: Path, tmp_path: Path) -> None:
    ALICE.create_repo("alice/m")
    commit = ALICE.upload_folder(repo_id="alice/m", folder_path=folder)
    assert hub.files("alice/m") == {".gitattributes": b"", **FILES}
    info = HfApi().model_info("alice/m", files_metadata=True)
    assert info.sha == commit.oid
    assert {file.rfilename: file.size for file in info.siblings or []}["model.safetensors"] == 100_000
    assert [model.id for model in HfApi().list_models(filter="ganzoo", author="alice")] == ["alice/m"]
    assert list(HfApi().list_models(filter="ganzoo", author="bob")) == []
    copy = HfApi().snapshot_download("alice/m", local_dir=tmp_path / "copy")
    assert {path.name: path.read_bytes() for path in Path(copy).iterdir() if path.name in FILES} == FILES


def test_a_commit_deletes_what_it_says(hub: LoopbackHub, folder: Path) -> None:
    ALICE.create_repo("alice/m")
    ALICE.upload_folder(repo_id="alice/m", folder_path=folder)
    (folder / "config.json").unlink()
    ALICE.upload_folder(repo_id="alice/m", folder_path=folder, delete_patterns="*.json")
    assert set(hub.files("alice/m")) == {".gitattributes", "README.md", "model.safetensors"}


def test_branches_and_collections(hub: LoopbackHub, folder: Path) -> None:
    hub.put("alice/m", FILES)
    ALICE.create_branch("alice/m", branch="early")
    ALICE.upload_file(repo_id="alice/m", path_or_fileobj=b"x", path_in_repo="x", revision="early")
    assert "x" in hub.files("alice/m", "early")
    assert "x" not in hub.files("alice/m")
    collection = ALICE.create_collection("Digits", namespace="alice", exists_ok=True)
    for _ in range(2):
        ALICE.add_collection_item(collection.slug, "alice/m", "model", exists_ok=True)
    again = ALICE.create_collection("Digits", namespace="alice", exists_ok=True)
    assert [item.item_id for item in again.items] == ["alice/m"]


def test_refusals_are_those_that_the_client_knows(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.put("alice/m", FILES)
    hub.put("alice/secret", FILES, private=True)
    hub.put("alice/gated", FILES, gated=True)
    for reader, name in ((HfApi(), "alice/none"), (HfApi(), "alice/secret"), (BOB, "alice/secret")):
        with pytest.raises(RepositoryNotFoundError):
            reader.model_info(name)
    assert ALICE.model_info("alice/secret").private
    with pytest.raises(RevisionNotFoundError):
        HfApi().model_info("alice/m", revision="nowhere")
    with pytest.raises(GatedRepoError):
        HfApi().hf_hub_download("alice/gated", "config.json", local_dir=tmp_path)
    for writer in (BOB, HfApi(token="reading-token-of-alice")):
        with pytest.raises(HfHubHTTPError) as refused:
            writer.create_repo("alice/new")
        assert refused.value.response.status_code == 403


def test_faults_come_as_planned_and_no_more_often(hub: LoopbackHub) -> None:
    hub.put("alice/m", FILES)
    hub.refuse("GET /api/models/alice/m", 500)
    with pytest.raises(HfHubHTTPError):
        HfApi().model_info("alice/m")
    assert HfApi().model_info("alice/m").id == "alice/m"
    assert [asked.status for asked in hub.asked] == [500, 200]


def test_nobody_answers_where_there_is_no_hub() -> None:
    assert HfApi().endpoint == f"http://127.0.0.1:{HUB_PORT}"
    with pytest.raises(httpx2.ConnectError):
        HfApi().model_info("alice/m")
