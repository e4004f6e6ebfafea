"""Make .venv hold exactly what a requirements file pins. Done already: returns at once.

    python3 .ci/venv.py requirements-dev.txt

Standard library only. A lock lets two of these run side by side. A stamp in .venv keeps the
hash of what was installed, so a changed pin is noticed and an unchanged one costs nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: no lock, one make at a time
    fcntl = None

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)


def wanted(names: list[str]) -> str:
    """Return the hash of the pins in the named files."""
    digest = hashlib.sha256()
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp(name: str) -> Path:
    return VENV / f"installed-{name}.sha256"


def files_of(name: str) -> list[str]:
    """The development pins come on top of the runtime pins."""
    return [name] if name == "requirements.txt" else ["requirements.txt", name]


def is_done(name: str) -> bool:
    path = stamp(name)
    return path.exists() and PYTHON.exists() and path.read_text() == wanted(files_of(name))


def runs(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def new_enough() -> str:
    """This Python where it will do, else a newer one on the PATH."""
    if sys.version_info >= OLDEST:
        return sys.executable
    for name in ("python3.13", "python3.12", "python3.11"):
        path = shutil.which(name)
        if path and runs([path, "-c", ""]):
            return path
    sys.exit(f"Flowcheck needs Python 3.11 or newer; this is {sys.version.split()[0]}.")


def install(name: str) -> None:
    files = files_of(name)
    pins = {file: wanted(files_of(file)) for file in files}
    python = new_enough()
    has_ensurepip = runs([python, "-c", "import ensurepip"])
    if not runs([str(PYTHON), "-c", ""]):
        shutil.rmtree(VENV, ignore_errors=True)
    if not runs([str(PYTHON), "-m", "pip", "--version"]):
        print(f"Making .venv for {name} …", flush=True)
        if has_ensurepip:
            subprocess.run([python, "-m", "venv", str(VENV)], check=True)
        elif runs([python, "-m", "pip", "--python", python, "--version"]):
            # Debian without python3-venv: the system's pip fills an environment that has none.
            subprocess.run([python, "-m", "venv", "--without-pip", str(VENV)], check=True)
        else:
            sys.exit(
                "This Python cannot make virtual environments: "
                "run `sudo apt-get install python3-venv`, then make again."
            )
    pip = [str(PYTHON), "-m", "pip"]
    if not runs([*pip, "--version"]):
        pip = [python, "-m", "pip", "--python", str(PYTHON)]
    print(f"Installing {name} …", flush=True)
    requirements = [part for file in files for part in ("-r", str(ROOT / file))]
    command = [*pip, "install", "--quiet", "--disable-pip-version-check", *requirements]
    if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode:
        sys.exit(f"pip could not install {name}: see the lines above.")
    for file in files:
        stamp(file).write_text(pins[file])


def main() -> None:
    name = sys.argv[1]
    if is_done(name):
        return
    with (ROOT / ".venv.lock").open("w") as lock:
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_done(name):
            install(name)


if __name__ == "__main__":
    main()
