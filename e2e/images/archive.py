"""Writes an image as a docker-archive: one layer, a configuration, and a manifest that names both. The same input gives the same bytes."""
import hashlib
import io
import json
import platform
import tarfile
from pathlib import Path

PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}


class Layer:
    """The files of an image. A later entry replaces an earlier entry of the same path."""

    def __init__(self):
        self.entries = {}

    def _add(self, path, kind, mode, data=b"", target="", uid=0):
        info = tarfile.TarInfo(path.strip("/"))
        info.type, info.mode, info.linkname, info.uid, info.size = kind, mode, target, uid, len(data)
        for parent in map(str, Path(info.name).parents):
            if parent != "." and parent not in self.entries:
                self.folder(parent)
        self.entries[info.name] = (info, data)

    def folder(self, path, mode=0o755, uid=0):
        self._add(path, tarfile.DIRTYPE, mode, uid=uid)

    def link(self, path, target):
        self._add(path, tarfile.SYMTYPE, 0o777, target=target)

    def file(self, path, data, executable=False):
        self._add(path, tarfile.REGTYPE, 0o755 if executable else 0o644, data)

    def unpack(self, folder):
        """Writes the files to a folder, with the times that they have in the image."""
        with tarfile.open(fileobj=io.BytesIO(self.tar())) as tar:
            tar.extraction_filter = lambda entry, _: entry
            tar.extractall(folder)

    def tar(self):
        return _tar(self.entries[path] for path in sorted(self.entries))


def write(name, layer, settings, out):
    layer = layer.tar()
    # Without this label, images with the same content would be one image with several names, and a node reports only one of the names.
    settings = {**settings, "Env": [PATH, *settings.get("Env", [])], "Labels": {"org.opencontainers.image.ref.name": name}}
    config = json.dumps({
        "architecture": ARCHITECTURE.get(platform.machine(), platform.machine()), "os": "linux", "created": "1970-01-01T00:00:00Z",
        "config": settings, "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest(layer)}"]}}).encode()
    config_path, layer_path = f"{digest(config)}.json", f"{digest(layer)}/layer.tar"
    manifest = json.dumps([{"Config": config_path, "RepoTags": [name], "Layers": [layer_path]}]).encode()
    files = {config_path: config, layer_path: layer, "manifest.json": manifest}
    out.write_bytes(_tar((_entry(path, data), data) for path, data in files.items()))


def digest(data):
    return hashlib.sha256(data).hexdigest()


def _entry(path, data):
    info = tarfile.TarInfo(path)
    info.size = len(data)
    return info


def _tar(entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for info, data in entries:
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()
