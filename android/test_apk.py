"""What is in a built APK, by the tools that judge it: ``python test_apk.py FILE...``. Needs aapt, apksigner, zipalign, dexdump."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

APP = Path(__file__).resolve().parent / "app" / "src" / "main"
MODEL = Path(os.environ.get("CUISHOU_MODEL", Path(__file__).resolve().parents[1] / "model" / "cuishou.onnx"))
APKS: list[Path] = []
#: The library has a function for it, onnxruntime's own class no method.
NOT_IN_JAVA = {("ai.onnxruntime.OrtSession$SessionOptions", "addMIGraphX")}
#: What an ELF file says of its processor, by Android's name of it.
MACHINES = {"arm64-v8a": 183, "armeabi-v7a": 40, "x86_64": 62}


def said(*command: object) -> str:
    """What a tool prints; raises CalledProcessError when it fails."""
    return subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.decode(
        "utf-8", "replace"
    )


@cache
def dex(apk: Path) -> str:
    """The disassembled classes, with their annotations."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(apk) as archive:
        return said("dexdump", "-a", "-d", archive.extract("classes.dex", folder))


def classes(apk: Path) -> set[str]:
    return {name.replace("/", ".") for name in re.findall(r"Class descriptor  : 'L([^;]+);'", dex(apk))}


def methods(apk: Path) -> set[tuple[str, str, str]]:
    """Class, name and type of each method."""
    found = re.findall(r"\(in L([^;]+);\)\n\s+name +: '([^']+)'\n\s+type +: '(\([^']+)'", dex(apk))
    return {(owner.replace("/", "."), name, kind) for owner, name, kind in found}


def natives(apk: Path) -> dict[str, bytes]:
    """The native libraries."""
    with zipfile.ZipFile(apk) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.startswith("lib/")}


def unmangled(symbol: str) -> tuple[str, str]:
    """Class and method of a native function's name, as JNI writes it; what tells overloaded ones apart is left out."""
    marks = {"_1": "_", "_00024": "$", "_": "/"}
    name = re.sub("_1|_00024|_", lambda mark: marks[mark[0]], symbol.split("__")[0])
    owner, method = name.rsplit("/", 1)
    return owner.replace("/", "."), method


def resources(file: Path) -> dict[str, list[str]]:
    """The names in a file of resources, with the places for values in each text."""
    found = ElementTree.parse(file).getroot()
    return {entry.attrib["name"]: sorted(re.findall(r"%\d\$[sd]|%%", entry.text or "")) for entry in found}


class Apk(unittest.TestCase):
    """Each test looks at every APK, and stops at the first that fails."""

    def every(self):
        self.assertTrue(APKS, "name the APKs")
        yield from APKS

    def test_permissions_are_exactly_those_meant(self):
        for apk in self.every():
            lines = said("aapt", "dump", "permissions", apk).splitlines()
            self.assertEqual(lines, ["package: cuishou.app", "uses-permission: name='android.permission.READ_SMS'"])

    def test_package_and_versions(self):
        for apk in self.every():
            badging = said("aapt", "dump", "badging", apk)
            self.assertRegex(badging, r"^package: name='cuishou\.app' versionCode='\d+' versionName='[\d.]+'")
            self.assertIn("sdkVersion:'26'", badging)
            self.assertIn("targetSdkVersion:'34'", badging)
            self.assertIn("launchable-activity: name='cuishou.app.MainActivity'", badging)
            self.assertIn("application-label:'Cuishou'", badging)
            self.assertIn("application-label-zh:'催收短信识别'", badging)
            self.assertIn("uses-feature-not-required: name='android.hardware.telephony'", badging)
            self.assertNotIn("application-debuggable", badging)

    def test_natives_are_those_of_the_file_name(self):
        for apk in self.every():
            abi, libraries = apk.stem.removeprefix("cuishou-"), natives(apk)
            expected = {f"lib/{abi}/libonnxruntime.so", f"lib/{abi}/libonnxruntime4j_jni.so"} if abi != "noabi" else set()
            self.assertEqual(set(libraries), expected)
            for library in libraries.values():
                self.assertEqual((library[:4], int.from_bytes(library[18:20], "little")), (b"\x7fELF", MACHINES[abi]))

    def test_what_the_natives_look_up_has_survived(self):
        """Their functions are bound to methods by name, and they make objects of classes that they name."""
        for apk in self.every():
            known = {(owner, name) for owner, name, _ in methods(apk)}
            for name, library in natives(apk).items():
                bound = {unmangled(found.decode()) for found in re.findall(rb"\bJava_(ai_onnxruntime_\w+)", library)}
                named = {found.decode().replace("/", ".") for found in re.findall(rb"\0(ai/onnxruntime/[\w/$]+)(?=\0)", library)}
                self.assertEqual(len(bound) > 50 and len(named) > 5, name.endswith("4j_jni.so"), name)
                self.assertLessEqual(bound - NOT_IN_JAVA, known)
                self.assertLessEqual(named, classes(apk))
                made = named - {"ai.onnxruntime.OnnxValue"}  # an interface
                self.assertLessEqual({(owner, "<init>") for owner in made}, known)

    def test_components_are_those_meant_and_only_one_is_open(self):
        for apk in self.every():
            tree = said("aapt", "dump", "xmltree", apk, "AndroidManifest.xml")
            elements = re.split(r"\n\s*E: ", tree)
            found = {}
            for element in elements:
                kind = element.split(" ", 1)[0]
                if kind in ("activity", "provider", "service", "receiver"):
                    name = re.search(r'android:name\(\w+\)="([^"]+)"', element)[1]
                    exported = re.search(r"android:exported\(\w+\)=\(type 0x12\)(0x\w+)", element)[1]
                    found[name] = (kind, int(exported, 16) != 0)
            self.assertEqual(
                found,
                {
                    ".MainActivity": ("activity", True),
                    ".MessageActivity": ("activity", False),
                    ".TableProvider": ("provider", False),
                },
            )
            made = {("cuishou.app" + name, "<init>", "()V") for name in (*found, ".App")}
            self.assertLessEqual(made, methods(apk), "Android makes them by name")
            self.assertRegex(tree, r"android:allowBackup\(\w+\)=\(type 0x12\)0x0")
            reports = dict(re.findall(r'"android\.webkit\.WebView\.(\w+)".*\n.*android:value\(\w+\)=\(type 0x12\)(\w+)', tree))
            self.assertEqual(
                reports, {"MetricsOptOut": "0xffffffff", "EnableSafeBrowsing": "0x0"}, "the web view would tell of itself"
            )

    def test_signature_verifies(self):
        for apk in self.every():
            self.assertIn("Verified using v2 scheme (APK Signature Scheme v2): true", said("apksigner", "verify", "--verbose", apk))

    def test_aligned_and_resources_stored(self):
        for apk in self.every():
            said("zipalign", "-c", "-p", "4", apk)
            stored = zipfile.ZipFile(apk).getinfo("resources.arsc").compress_type == zipfile.ZIP_STORED
            self.assertTrue(stored, "Android 11 and later refuse a compressed resource table")

    def test_classes_of_the_app_and_of_onnxruntime(self):
        for apk in self.every():
            wanted = {
                "ai.onnxruntime.OrtSession",
                "ai.onnxruntime.OrtEnvironment",
                "cuishou.scorer.SmsScorer",
                "cuishou.messages.Backup",
            }
            self.assertLessEqual(wanted | {"kotlin.Unit", "kotlin.text.Regex"}, classes(apk))

    def test_no_lambda_is_left_to_the_phone(self):
        """Android 8 cannot make one at run time."""
        for apk in self.every():
            self.assertGreater(len(re.findall("invoke-(?:virtual|static)", dex(apk))), 1000)
            self.assertNotIn("invoke-custom", dex(apk))

    def test_what_the_page_calls_has_survived(self):
        for apk in self.every():
            annotated = re.findall(r"method #\d+ '(\w+)'\n +VISIBILITY_RUNTIME Landroid/webkit/JavascriptInterface;", dex(apk))
            page = APP.joinpath("web", "engine.js").read_text("utf-8")
            self.assertEqual(set(annotated), set(re.findall(r"\bhost\.(\w+)\(", page)))
            self.assertLessEqual({("cuishou.app.WebEngine$Host", name) for name in annotated}, {m[:2] for m in methods(apk)})
            self.assertEqual(len(annotated), 3)

    def test_a_stack_trace_has_files_and_lines(self):
        for apk in self.every():
            self.assertIn("(WebEngine.kt)", dex(apk))
            self.assertRegex(dex(apk), r"0x[0-9a-f]+ line=\d+")

    def test_nothing_is_there_that_nothing_reaches(self):
        for apk in self.every():
            self.assertLess(len({name for name in classes(apk) if name.startswith("kotlin.")}), 300)
            self.assertEqual({name for name in classes(apk) if name.startswith(("org.", "com.", "android.", "java."))}, set())

    def test_nothing_of_the_app_names_the_network(self):
        """The web view, which shows one page of the app's own, is named by its engine and by nothing else."""
        for apk in self.every():
            blocks = [block for block in dex(apk).split("Class descriptor  : ")[1:] if block.startswith("'Lcuishou/")]
            names: dict[str, str] = {}
            for block in blocks:
                name = block.split(";")[0].removeprefix("'L").split("$")[0]
                names[name] = names.get(name, "") + block
            self.assertIn("cuishou/app/MainActivity", names)
            sockets = {name for name, block in names.items() if re.search(r"Ljava/net/|Landroid/net/(?!Uri)", block)}
            views = {name for name, block in names.items() if "Landroid/webkit/" in block}
            self.assertEqual((sockets, views), (set(), {"cuishou/app/WebEngine"}))

    def test_web_engine_is_there_where_natives_are_not(self):
        wanted = {"engine.html", "main.js", "engine.js", "ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"}
        for apk in self.every():
            names = zipfile.ZipFile(apk).namelist()
            found = {name.removeprefix("assets/web/") for name in names if name.startswith("assets/web/")}
            self.assertEqual(found, set() if any(name.startswith("lib/") for name in names) else wanted)

    def test_the_web_view_is_told_to_stay_inside(self):
        """Scripts run and the network is refused; neither files nor other apps' content can be had."""
        for apk in self.every():
            (opening,) = re.findall(r"(?s)cuishou\.app\.WebEngine\.open:\(\)V.*?catches +:", dex(apk))
            held, settings = {}, {}
            for line in opening.splitlines():
                if found := re.search(r"const/4 (v\d+), #int (\d+) ", line):
                    held[found[1]] = found[2]
                elif found := re.search(r"\{v\d+, (v\d+)\}, Landroid/webkit/WebSettings;\.set(\w+):\(Z\)V", line):
                    settings[found[2]] = held[found[1]]
            self.assertEqual(
                settings, {"JavaScriptEnabled": "1", "BlockNetworkLoads": "1", "AllowFileAccess": "0", "AllowContentAccess": "0"}
            )

    def test_every_string_and_colour_has_its_other_form(self):
        for name, other in ("strings", "values-zh"), ("styles", "values-night"):
            ours, theirs = (resources(APP / "res" / folder / f"{name}.xml") for folder in ("values", other))
            self.assertEqual(ours, theirs)
            self.assertGreater(len(ours), 5)

    def test_nothing_else_is_packed(self):
        assets = {f"assets/{name}" for name in ("cuishou.onnx", "codebook.json", "NOTICE", "LICENSE", "ThirdPartyNotices.txt")}
        for apk in self.every():
            rest = {
                name
                for name in zipfile.ZipFile(apk).namelist()
                if not name.startswith(("res/", "lib/", "assets/web/", "META-INF/"))
            }
            self.assertEqual(rest, assets | {"AndroidManifest.xml", "resources.arsc", "classes.dex"})

    def test_the_model_is_the_model(self):
        for apk in self.every():
            with zipfile.ZipFile(apk) as archive:
                self.assertEqual(archive.read("assets/cuishou.onnx"), MODEL.read_bytes())

    def test_codebook_knows_every_tag_and_code(self):
        for apk in self.every():
            book = json.loads(zipfile.ZipFile(apk).read("assets/codebook.json"))
            metrics = json.loads(MODEL.with_name("golden.jsonl").read_text("ascii").splitlines()[0])
            for language in ("zh", "en"):
                self.assertEqual(len(book["tags"][language]), len(metrics["tag_probabilities"]))
                self.assertEqual(len(book["reasons"][language]), len(metrics["reason_probabilities"]))
            self.assertTrue(book["grounds"])
            cited = {code for ground in book["grounds"] for code in ground["codes"]}
            self.assertGreater(len(cited & set(book["reasons"]["zh"])), len(book["reasons"]["zh"]) // 2)

    def test_notices_of_everything_inside_are_there(self):
        for apk in self.every():
            with zipfile.ZipFile(apk) as archive:
                notice = archive.read("assets/NOTICE").decode()
                self.assertLessEqual({"assets/LICENSE", "assets/ThirdPartyNotices.txt"}, set(archive.namelist()))
            for name in ("jieba", "OpenCC", "onnxruntime", "Kotlin"):
                self.assertIn(name, notice)


if __name__ == "__main__":
    APKS = [Path(argument).resolve() for argument in sys.argv[1:]]
    unittest.main(argv=sys.argv[:1])
