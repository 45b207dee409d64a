"""Where the compiler finds the package as it was built."""

import pathlib

root = pathlib.Path(__file__).resolve().parent.parent


def modules(folder):
    """Options for swiftc; the folder is what `swift build --show-bin-path` says."""
    kernels = folder / "CMartletKernels.build/module.modulemap"
    libraries = [m.parent for m in sorted((root / "Sources").glob("*/module.modulemap"))]
    return ["-I", folder / "Modules", *(x for l in libraries for x in ("-I", l)), "-Xcc", f"-fmodule-map-file={kernels}"]
