"""Makes a package with the places of onnxruntime-android's, to test how an app with natives is packed: ``python made_up_aar.py JAR AAR``.

Its JNI libraries are that of the JVM's package, said to be for each processor in turn: they run nowhere, but name the classes and
methods that the true ones name. Its onnxruntime is a header and nothing else.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

from test_apk import MACHINES

OTHERS = {"x86": 3}


def make(jar: Path, aar: Path) -> None:
    """Write ``aar``, from the JNI library in ``jar``, onnxruntime's package for the JVM."""
    with zipfile.ZipFile(jar) as archive:
        jni = archive.read("ai/onnxruntime/native/linux-x64/libonnxruntime4j_jni.so")
    aar.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(aar, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("AndroidManifest.xml", "<manifest/>")
        archive.writestr("classes.jar", b"")
        archive.writestr("headers/onnxruntime_c_api.h", "")
        for abi, machine in {**MACHINES, **OTHERS}.items():
            for name, library in ("onnxruntime", jni[:64]), ("onnxruntime4j_jni", jni):
                archive.writestr(f"jni/{abi}/lib{name}.so", library[:18] + machine.to_bytes(2, "little") + library[20:])


if __name__ == "__main__":
    make(*map(Path, sys.argv[1:]))
