"""Install the CPU build of torch into the running environment, never gigabytes of CUDA by surprise.

`python .ci/install_torch.py VERSION [INDEX]`: INDEX (TORCH_INDEX for make) is taken as it is. Without
one, the default index is asked first what it would install; where that includes CUDA packages, the
CPU builds are taken instead through uv, which knows where PyTorch keeps them.
"""

import json
import subprocess
import sys

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def plan(requirement: str) -> list[str]:
    """Names of the packages that the default index would install."""
    asked = [*PIP, "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-", requirement]
    report = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    return [item["metadata"]["name"].lower() for item in report["install"]]


def main(version: str, index: str | None = None) -> None:
    requirement = f"torch=={version}"
    if index is not None:
        command = [*PIP, "install", "--quiet", "--index-url", index, requirement]
    elif any(name.startswith(("nvidia-", "cuda-")) for name in plan(requirement)):
        subprocess.run([*PIP, "install", "--quiet", "uv"], check=True)
        command = [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "install",
            "--quiet",
            "--python",
            sys.executable,
            "--torch-backend",
            "cpu",
            requirement,
        ]
    else:
        command = [*PIP, "install", "--quiet", requirement]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
