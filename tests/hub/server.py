"""A Hub on loopback: what its client speaks of the Hugging Face Hub's protocol, in memory, and with faults."""

import asyncio
import base64
import hashlib
import json
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote

import uvicorn
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

LFS_SUFFIXES = (".safetensors", ".bin", ".pt", ".png", ".webp")
DATE = "2026-01-01T00:00:00.000Z"
CHUNK = 65_536


@dataclass(frozen=True)
class Account:
    """Whom a token belongs to, and what it may do: all that they may, only read, or what its scopes say."""

    name: str
    role: str = "write"
    orgs: tuple[str, ...] = ()
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a fine-grained token: what it may do, by whose repositories."""

    def may_write(self, owner: str) -> bool:
        if self.role == "fineGrained":
            return "repo.write" in self.scopes.get(owner, ())
        return self.role == "write" and owner in (self.name, *self.orgs)


ACCOUNTS = {
    "token-of-alice": Account("alice", orgs=("lab",)),
    "token-of-bob": Account("bob"),
    "reading-token-of-alice": Account("alice", "read"),
    "fine-token-of-alice": Account(
        "alice", "fineGrained", ("lab",), {"alice": ("repo.content.read", "repo.write"), "lab": ("repo.content.read",)}
    ),
    "void-token-of-alice": Account("alice", "fineGrained", ("lab",)),
}


@dataclass(frozen=True)
class Commit:
    files: Mapping[str, bytes]
    title: str
    parent: str | None


@dataclass
class Repo:
    """A repository of models or a Space; ``branches`` hold commit hashes."""

    id: str
    kind: str = "model"
    private: bool = False
    gated: bool = False
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.commit("main", {".gitattributes": b""}, "initial commit")

    @property
    def owner(self) -> str:
        return self.id.split("/")[0]

    def commit(self, branch: str, files: Mapping[str, bytes], title: str) -> str:
        sha = hashlib.sha1(f"{self.id} {branch} {len(self.commits)} {title}".encode()).hexdigest()
        self.commits[sha] = Commit(files, title, self.branches.get(branch))
        self.branches[branch] = sha
        return sha

    def resolve(self, revision: str) -> str:
        sha = self.branches.get(revision, revision)
        if sha not in self.commits:
            raise Refusal(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return sha


class Refusal(Exception):
    """An answer that says no, as the Hub says it: in headers."""

    def __init__(self, status: int, code: str | None = None, message: str = "", **headers: str) -> None:
        super().__init__(message)
        self.response = JSONResponse(
            {"error": message},
            status,
            headers={**({"X-Error-Code": code} if code else {}), "X-Error-Message": message or code or "", **headers},
        )


Fault = Callable[[Request, Response], "Response"]


@dataclass
class _Planned:
    request: re.Pattern[str]
    fault: Fault
    times: int
    instead: bool
    """Of what would have been done."""


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    status: int
    host: str
    authorization: str
    range: str


class LoopbackHub:
    """Serves at a port of this computer for as long as its context lasts.

    ``put`` and ``files`` go round the protocol, for tests to lay out and to look; ``asked`` are the requests that came.
    A fault is planned for the next requests that match a pattern over ``"METHOD /path"``, as often as ``times`` says.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.elsewhere = f"http://localhost:{port}"
        """The same server under the name of another host."""
        self.asked: list[Asked] = []
        self.repos: dict[tuple[str, str], Repo] = {}
        self.collections: dict[str, dict[str, Any]] = {}
        self._uploads: dict[str, bytes] = {}
        self._faults: list[_Planned] = []
        self._port = port

    # What tests lay out, break and look at.

    def put(
        self, repo: str, files: Mapping[str, bytes], *, kind: str = "model", branch: str = "main", **settings: bool
    ) -> str:
        """Make ``files`` all that a repository holds; its new commit."""
        known = self.repos.setdefault((kind, repo), Repo(repo, kind))
        for name, value in settings.items():
            setattr(known, name, value)
        return known.commit(branch, dict(files), "put")

    def files(self, repo: str, revision: str = "main", *, kind: str = "model") -> Mapping[str, bytes]:
        known = self.repos[kind, repo]
        return known.commits[known.resolve(revision)].files

    def refuse(self, request: str, status: int, *, times: int = 1, code: str | None = None, **headers: str) -> None:
        """Answer with an error, and do nothing."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        refusal = Refusal(status, code, "refused by the test", **headers)
        self.plan(request, lambda request, response: refusal.response, times=times, instead=True)

    def cut(self, request: str, *, times: int = 1) -> None:
        """Close the connection when half of the answer has been sent."""

        def cut(request: Request, response: Response) -> Response:
            body = bytes(response.body) + b" "

            async def half() -> AsyncIterator[bytes]:
                yield body[: len(body) // 2]
                raise ConnectionAbortedError("cut by the test")

            headers = {**response.headers, "content-length": str(len(body))}
            return StreamingResponse(half(), response.status_code, headers=headers)

        self.plan(request, cut, times=times)

    def drip(self, request: str, *, bytes_a_second: int, times: int = 1) -> None:
        """Answer, but slowly."""

        def drip(request: Request, response: Response) -> Response:
            async def drops() -> AsyncIterator[bytes]:
                for start in range(0, len(response.body), max(1, bytes_a_second // 10)):
                    await asyncio.sleep(0.1)
                    yield bytes(response.body[start : start + max(1, bytes_a_second // 10)])

            return StreamingResponse(drops(), response.status_code, headers=dict(response.headers))

        self.plan(request, drip, times=times)

    def corrupt(self, request: str, *, times: int = 1) -> None:
        """Turn the last bit of the body, whose length and hash are told as before."""

        def corrupt(request: Request, response: Response) -> Response:
            response.body = bytes(response.body[:-1]) + bytes([response.body[-1] ^ 1])
            return response

        self.plan(request, corrupt, times=times)

    def lengthen(self, request: str, *, by: int, times: int = 1) -> None:
        """Send more than was told of the file."""

        def lengthen(request: Request, response: Response) -> Response:
            headers = {name: value for name, value in response.headers.items() if name != "content-length"}

            async def endless() -> AsyncIterator[bytes]:
                yield bytes(response.body)
                for _ in range(by // CHUNK):
                    yield bytes(CHUNK)

            return StreamingResponse(endless(), response.status_code, headers=headers)

        self.plan(request, lengthen, times=times)

    def send_elsewhere(self, request: str, *, times: int = 1) -> None:
        """Redirect to another host, as the Hub does for large files."""

        def redirect(request: Request, response: Response) -> Response:
            return Response(status_code=302, headers={"Location": f"{self.elsewhere}{request.url.path}"})

        self.plan(request, redirect, times=times)

    def plan(self, request: str, fault: Fault, *, times: int = 1, instead: bool = False) -> None:
        self._faults.append(_Planned(re.compile(request), fault, times, instead))

    def mend(self) -> None:
        """Forget what was planned and has not come to pass."""
        self._faults.clear()

    # The server.

    def __enter__(self) -> Self:
        # Named as TCP, without which asyncio leaves Nagle's algorithm on, and each answer comes 40 ms late.
        listening = socket.socket(proto=socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self._port))
        config = uvicorn.Config(self._app(), log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *error: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    def _app(self) -> Starlette:
        repo = "{kind:str}s/{owner}/{name}"
        routes = {
            "GET /api/whoami-v2": self._whoami,
            "GET /api/models": self._list,
            "POST /api/validate-yaml": self._validate_yaml,
            "POST /api/repos/create": self._create,
            "POST /api/collections": self._create_collection,
            "GET /api/collections/{owner}/{name}": self._collection,
            "POST /api/collections/{owner}/{name}/items": self._add_to_collection,
            f"POST /api/{repo}/preupload/{{revision:path}}": self._preupload,
            f"POST /api/{repo}/commit/{{revision:path}}": self._commit,
            f"POST /api/{repo}/branch/{{revision:path}}": self._branch,
            f"GET /api/{repo}/tree/{{revision:path}}": self._tree,
            f"GET /api/{repo}/refs": self._refs,
            f"GET /api/{repo}/revision/{{revision:path}}": self._info,
            f"GET /api/{repo}": self._info,
            "PUT /uploads/{hash}": self._upload,
            "POST /uploads/verify": self._verify,
            "POST /{owner}/{name}.git/info/lfs/objects/batch": self._batch,
            "POST /{kind:str}s/{owner}/{name}.git/info/lfs/objects/batch": self._batch,
            "GET /{owner}/{name}/resolve/{revision}/{path:path}": self._resolve,
            "GET /{kind:str}s/{owner}/{name}/resolve/{revision}/{path:path}": self._resolve,
        }
        return Starlette(
            routes=[
                Route(path, self._answering(answer), methods=[method])
                for (method, path), answer in ((line.split(" "), answer) for line, answer in routes.items())
            ]
        )

    def _answering(self, answer: Callable[[Request], Response]) -> Callable[[Request], Any]:
        async def answering(request: Request) -> Response:
            request.state.body = await request.body()
            line, headers = f"{request.method} {request.url.path}", request.headers
            host = headers["host"].partition(":")[0]
            faults = [
                planned
                for planned in self._faults
                if planned.times and planned.request.search(line) and host not in self.elsewhere
            ]
            try:
                response = Response() if any(planned.instead for planned in faults) else answer(request)
            except Refusal as refusal:
                response = refusal.response
            for planned in faults:
                planned.times -= 1
                response = planned.fault(request, response)
            self.asked.append(
                Asked(
                    request.method,
                    request.url.path,
                    response.status_code,
                    host,
                    headers.get("authorization", ""),
                    headers.get("range", ""),
                )
            )
            return response

        return answering

    # Who asks, and for what.

    def _account(self, request: Request, *, writing: bool = False) -> Account | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            if writing:
                raise Refusal(401, message="Invalid username or password.")
            return None
        if token not in ACCOUNTS:
            raise Refusal(401, message="Invalid credentials in Authorization header")
        account = ACCOUNTS[token]
        if writing and account.role == "read":
            raise Refusal(403, message="This token may only read")
        return account

    def _repo(self, request: Request, *, writing: bool = False) -> Repo:
        owner, name = request.path_params["owner"], request.path_params["name"]
        account = self._account(request, writing=writing)
        repo = self.repos.get((request.path_params.get("kind", "model"), f"{owner}/{name}"))
        if repo is None or (repo.private and (account is None or account.name != owner)):
            raise Refusal(404 if account else 401, "RepoNotFound", "Repository not found")
        if writing and (account is None or not account.may_write(owner)):
            raise Refusal(403, message="You don't have the rights to write here")
        return repo

    def _whoami(self, request: Request) -> Response:
        account = self._account(request)
        if account is None:
            raise Refusal(401, message="Invalid username or password.")
        known = {name: {"type": "org", "id": name, "name": name} for name in account.orgs}
        known[account.name] = {"type": "user", "id": account.name, "name": account.name}
        token: dict[str, Any] = {"displayName": "tests", "role": account.role}
        if account.role == "fineGrained":
            scoped = [
                {"entity": {"_id": name, "type": known[name]["type"], "name": name}, "permissions": permissions}
                for name, permissions in account.scopes.items()
            ]
            token["fineGrained"] = {"canReadGatedRepos": False, "global": [], "scoped": scoped}
        auth = {"type": "access_token", "accessToken": token}
        return JSONResponse({**known.pop(account.name), "orgs": list(known.values()), "auth": auth})

    # Repositories.

    def _create(self, request: Request) -> Response:
        account = self._account(request, writing=True)
        wanted = json.loads(request.state.body)
        owner = wanted.get("organization") or (account.name if account else "")
        if account is None or not account.may_write(owner):
            raise Refusal(403, message=f"You don't have the rights to create under the namespace {owner}")
        kind, id = wanted.get("type") or "model", f"{owner}/{wanted['name']}"
        answer = {"name": id, "id": id, "url": f"{self.url}/{'' if kind == 'model' else f'{kind}s/'}{id}"}
        if (kind, id) in self.repos:
            return JSONResponse({"error": "You already created this repo", **answer}, 409)
        private = bool(wanted.get("private")) or wanted.get("visibility") == "private"
        self.repos[kind, id] = Repo(id, kind, private)
        return JSONResponse(answer)

    def _info(self, request: Request) -> Response:
        repo = self._repo(request)
        sha = repo.resolve(unquote(request.path_params.get("revision", "main")))
        return JSONResponse(_described(repo, sha))

    def _list(self, request: Request) -> Response:
        asked = request.query_params
        account = self._account(request)
        wanted = [tag for filter in asked.getlist("filter") for tag in filter.split(",")]
        found = []
        for repo in self.repos.values():
            seen = not repo.private or (account and account.name == repo.owner)
            if repo.kind == "model" and seen and asked.get("author", repo.owner) == repo.owner:
                described = _described(repo, repo.branches["main"])
                if set(wanted) <= set(described["tags"]):
                    found.append(described)
        return JSONResponse(found[: int(asked.get("limit", 1000))])

    def _refs(self, request: Request) -> Response:
        repo = self._repo(request)
        branches = [
            {"name": name, "ref": f"refs/heads/{name}", "targetCommit": sha} for name, sha in repo.branches.items()
        ]
        return JSONResponse({"branches": branches, "tags": [], "converts": []})

    def _branch(self, request: Request) -> Response:
        repo, name = self._repo(request, writing=True), unquote(request.path_params["revision"])
        if name in repo.branches:
            raise Refusal(409, message="Reference already exists")
        repo.branches[name] = repo.resolve(json.loads(request.state.body or b"{}").get("startingPoint") or "main")
        return JSONResponse({})

    def _tree(self, request: Request) -> Response:
        repo = self._repo(request)
        files = repo.commits[repo.resolve(unquote(request.path_params["revision"]))].files
        return JSONResponse([{"type": "file", "path": path, **_entry(path, data)} for path, data in files.items()])

    # Uploads: what is new is asked for, large files go first, and a commit names them.

    def _validate_yaml(self, request: Request) -> Response:
        try:
            _front_matter(json.loads(request.state.body)["content"].encode())
        except yaml.YAMLError as error:
            return JSONResponse({"errors": [{"message": str(error)}], "warnings": []}, 400)
        return JSONResponse({"errors": [], "warnings": []})

    def _preupload(self, request: Request) -> Response:
        repo = self._repo(request, writing=True)
        files = repo.commits[repo.resolve(unquote(request.path_params["revision"]))].files
        answer = []
        for file in json.loads(request.state.body)["files"]:
            path = file["path"]
            mode = "lfs" if path.endswith(LFS_SUFFIXES) else "regular"
            there = _hash(path, files[path]) if path in files else None
            answer.append({"path": path, "uploadMode": mode, "shouldIgnore": False, "oid": there})
        return JSONResponse({"files": answer})

    def _batch(self, request: Request) -> Response:
        self._repo(request, writing=True)
        objects = []
        for wanted in json.loads(request.state.body)["objects"]:
            answer = {"oid": wanted["oid"], "size": wanted["size"]}
            if wanted["oid"] not in self._uploads:
                upload = {"href": f"{self.url}/uploads/{wanted['oid']}"}
                answer["actions"] = {"upload": upload, "verify": {"href": f"{self.url}/uploads/verify"}}
            objects.append(answer)
        return JSONResponse({"transfer": "basic", "objects": objects})

    def _upload(self, request: Request) -> Response:
        body = request.state.body
        if hashlib.sha256(body).hexdigest() != request.path_params["hash"]:
            raise Refusal(400, message="This is not what was announced")
        self._uploads[request.path_params["hash"]] = body
        return Response()

    def _verify(self, request: Request) -> Response:
        told = json.loads(request.state.body)
        return JSONResponse({}, 200 if len(self._uploads.get(told["oid"], b"")) == told["size"] else 404)

    def _commit(self, request: Request) -> Response:
        repo, branch = self._repo(request, writing=True), unquote(request.path_params["revision"])
        head = repo.resolve(branch)
        files, title = dict(repo.commits[head].files), ""
        for line in request.state.body.splitlines():
            change = json.loads(line)
            value = change["value"]
            match change["key"]:
                case "header":
                    title = value["summary"]
                    if value.get("parentCommit") not in (None, head):
                        raise Refusal(412, message="A commit has happened since")
                case "file":
                    files[value["path"]] = base64.b64decode(value["content"])
                case "lfsFile":
                    if value["oid"] not in self._uploads:
                        raise Refusal(400, message="A large file was never uploaded")
                    files[value["path"]] = self._uploads[value["oid"]]
                case "deletedFile":
                    del files[value["path"]]
        sha = repo.commit(branch, files, title)
        return JSONResponse({"success": True, "commitOid": sha, "commitUrl": f"{self.url}/{repo.id}/commit/{sha}"})

    # Downloads.

    def _resolve(self, request: Request) -> Response:
        repo = self._repo(request)
        account = self._account(request)
        if repo.gated and (account is None or account.name != repo.owner):
            raise Refusal(403 if account else 401, "GatedRepo", f"Access to model {repo.id} is restricted.")
        sha, path = repo.resolve(unquote(request.path_params["revision"])), request.path_params["path"]
        data = repo.commits[sha].files.get(path)
        if data is None:
            raise Refusal(404, "EntryNotFound", "Entry not found", **{"X-Repo-Commit": sha})
        headers = {"X-Repo-Commit": sha, "ETag": f'"{_hash(path, data)}"', "Accept-Ranges": "bytes"}
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("range", ""))
        if part:
            first, last = int(part[1]), min(int(part[2]), len(data) - 1)
            if first > last:
                raise Refusal(416, message="The file ends before")
            headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
            return Response(data[first : last + 1], 206, headers)
        return Response(data, 200, headers)

    # Collections.

    def _create_collection(self, request: Request) -> Response:
        self._account(request, writing=True)
        wanted = json.loads(request.state.body)
        slug = f"{wanted['namespace']}/{wanted['title'].lower().replace(' ', '-')}-0123456789abcdef01234567"
        if slug in self.collections:
            return JSONResponse({"error": "This collection exists", "slug": slug}, 409)
        self.collections[slug] = {
            "slug": slug,
            "title": wanted["title"],
            "owner": {"name": wanted["namespace"]},
            "items": [],
            "lastUpdated": DATE,
            "position": 0,
            "private": bool(wanted.get("private")),
            "theme": "blue",
            "upvotes": 0,
        }
        return JSONResponse(self.collections[slug])

    def _collection(self, request: Request) -> Response:
        slug = f"{request.path_params['owner']}/{request.path_params['name']}"
        if slug not in self.collections:
            raise Refusal(404, message="There is no such collection")
        return JSONResponse(self.collections[slug])

    def _add_to_collection(self, request: Request) -> Response:
        self._account(request, writing=True)
        collection = json.loads(bytes(self._collection(request).body))
        item = json.loads(request.state.body)["item"]
        if any(item["id"] == known["id"] for known in collection["items"]):
            raise Refusal(409, message="It is in the collection already")
        items = self.collections[collection["slug"]]["items"]
        items.append({**item, "_id": f"{len(items):024x}", "position": len(items)})
        return JSONResponse(self.collections[collection["slug"]])


def _described(repo: Repo, sha: str) -> dict[str, Any]:
    files = repo.commits[sha].files
    try:
        card = _front_matter(files.get("README.md", b""))
    except yaml.YAMLError:
        card = {}
    tags = [str(tag) for tag in card.get("tags") or []]
    return {
        "_id": repo.id,
        "id": repo.id,
        "author": repo.owner,
        "sha": sha,
        "private": repo.private,
        "gated": "manual" if repo.gated else False,
        "disabled": False,
        "createdAt": DATE,
        "lastModified": DATE,
        "downloads": 0,
        "likes": 0,
        "tags": [*tags, *(str(card[key]) for key in ("library_name", "pipeline_tag") if key in card)],
        "cardData": card,
        "library_name": card.get("library_name"),
        "pipeline_tag": card.get("pipeline_tag"),
        "sdk": card.get("sdk"),
        "siblings": [{"rfilename": path, **_sizes(path, data)} for path, data in files.items()],
    }


def _front_matter(card: bytes) -> dict[str, Any]:
    match = re.match(rb"---\s*\n(.*?)\n---", card, re.DOTALL)
    found = yaml.safe_load(match[1]) if match else {}
    return found if isinstance(found, dict) else {}


def _is_large(path: str) -> bool:
    return path.endswith(LFS_SUFFIXES)


def _hash(path: str, data: bytes) -> str:
    """Of a large file the SHA-256, of another one git's own."""
    if _is_large(path):
        return hashlib.sha256(data).hexdigest()
    return _git_hash(data)


def _git_hash(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def _pointer(data: bytes) -> bytes:
    """What git itself holds of a large file."""
    hash = hashlib.sha256(data).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{hash}\nsize {len(data)}\n".encode()


def _sizes(path: str, data: bytes) -> dict[str, Any]:
    """As a repository's description tells them."""
    entry = _entry(path, data)
    if "lfs" in entry:
        large = entry.pop("lfs")
        entry["lfs"] = {"sha256": large["oid"], "size": large["size"], "pointerSize": large["pointerSize"]}
    return {"blobId": entry.pop("oid"), **entry}


def _entry(path: str, data: bytes) -> dict[str, Any]:
    """As a tree tells it."""
    if not _is_large(path):
        return {"oid": _git_hash(data), "size": len(data)}
    pointer = _pointer(data)
    large = {"oid": _hash(path, data), "size": len(data), "pointerSize": len(pointer)}
    return {"oid": _git_hash(pointer), "size": len(data), "lfs": large}
