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

MODEL = Path(os.environ.get("CUISHOU_MODEL", Path(__file__).resolve().parents[1] / "model" / "cuishou.onnx"))
APKS: list[Path] = []


def said(*command: object) -> str:
    """What a tool prints; raises CalledProcessError when it fails."""
    return subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.decode(
        "utf-8", "replace"
    )


@cache
def dex(apk: Path) -> str:
    """The disassembled classes."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(apk) as archive:
        return said("dexdump", "-d", archive.extract("classes.dex", folder))


def classes(apk: Path) -> set[str]:
    return {name.replace("/", ".") for name in re.findall(r"Class descriptor  : 'L([^;]+);'", dex(apk))}


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
            abi = apk.stem.removeprefix("cuishou-")
            natives = {name for name in zipfile.ZipFile(apk).namelist() if name.startswith("lib/")}
            expected = {f"lib/{abi}/libonnxruntime.so", f"lib/{abi}/libonnxruntime4j_jni.so"} if abi != "noabi" else set()
            self.assertEqual(natives, expected)

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
            self.assertLessEqual({"cuishou.app" + name for name in found} | {"cuishou.app.App"}, classes(apk))
            self.assertRegex(tree, r"android:allowBackup\(\w+\)=\(type 0x12\)0x0")

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
        """Android 8 cannot make one at run time. Some methods of the libraries ask for it: they are known, and we call none."""
        for apk in self.every():
            method, users, calls = "", set(), set()
            for line in dex(apk).splitlines():
                if found := re.search(r"\|\[[0-9a-f]+\] (\S+?):", line):
                    method = found[1]
                elif "invoke-custom" in line:
                    users.add(re.sub(r"Kt__\w+", "Kt", method))
                elif method.startswith("cuishou.") and (found := re.search(r"invoke-\S+ \{.*?\}, L([^;]+);\.([^:]+):(\S+)", line)):
                    calls.add((found[1].replace("/", ".") + "." + found[2], found[3]))
            self.assertEqual(
                users,
                {
                    f"kotlin.comparisons.ComparisonsKt.{name}"
                    for name in ("compareBy", "nullsFirst", "nullsLast", "then", "thenDescending")
                }
                | {"kotlin.streams.jdk8.StreamsKt.asStream", "ai.onnxruntime.TensorInfo.toString"}
                | {f"ai.onnxruntime.providers.Ort{name}ProviderOptions.<init>" for name in ("CUDA", "TensorRT")}
                | {"ai.onnxruntime.providers.StringConfigProviderOptions.getOptionsString"},
            )
            self.assertGreater(len(calls), 100)
            self.assertEqual({call for call in calls if call[0] in users}, set())

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
