// What model/golden.jsonl says in Python must come out here too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { codePoints, loadScorer, readMetadata } from "./cuishou.mjs";

const root = new URL("../../../", import.meta.url);
const file = process.env.CUISHOU_MODEL ?? fileURLToPath(new URL("model/cuishou.onnx", root));
const model = new Uint8Array(readFileSync(file));
const golden = readFileSync(join(dirname(file), "golden.jsonl"), "ascii").trimEnd().split("\n").map((line) => JSON.parse(line));
const scorer = await loadScorer(model);

function assertClose(found, expected, message) {
  assert.equal(found.length, expected.length, message);
  found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= 1e-4, `${message}: ${value} is not ${expected[i]}`));
}

test("golden texts: token starts, tag and scores are those of Python", async () => {
  assert.ok(golden.length > 300);
  for (const expected of golden) {
    const [found] = await scorer.tag([expected.text]);
    const message = JSON.stringify(expected.text.slice(0, 60));
    assert.deepEqual(await scorer.tokenStarts([expected.text]), [expected.token_starts], message);
    assert.equal(found.tag, expected.tag, message);
    assertClose(Object.values(found.probabilities), expected.tag_probabilities, message);
    assertClose(found.reasonProbabilities, expected.reason_probabilities, message);
  }
});

test("texts together are tagged as alone", async () => {
  const some = golden.filter(({ text }) => text.length < 400).slice(0, 60);
  const found = await scorer.tag(some.map(({ text }) => text));
  assert.deepEqual(found.map(({ tag }) => tag), some.map(({ tag }) => tag));
});

test("no texts, an empty text, half a pair", async () => {
  assert.deepEqual([await scorer.tag([]), await scorer.tokenStarts([])], [[], []]);
  assert.deepEqual(Array.from(codePoints("😀\ud83d还")), [0x1f600, 0xd83d, 0x8fd8]);
  assert.equal((await scorer.tag([""]))[0].tag, "other");
});

test("a threat has a reason, a parcel has none", async () => {
  const [threat, parcel] = await scorer.tag(["再不还钱就把你欠款的事发给你通讯录里所有人", "您的快递已到，取件码 3-2-1008"]);
  assert.equal(threat.tag, "unlawful");
  assert.ok(threat.reasons.length > 0);
  assert.deepEqual([parcel.tag, parcel.reasons], ["other", []]);
});

test("a model that is not understood is refused", async () => {
  await assert.rejects(loadScorer(new Uint8Array()), /format is not given/);
  await assert.rejects(loadScorer(new TextEncoder().encode("not a model at all")), /no ONNX file/);
  await assert.rejects(loadScorer(model.subarray(0, 1000)), /cut off/);
  assert.equal(readMetadata(model).format, "cuishou/1");
});

test("the command tags lines", () => {
  const output = execFileSync("node", ["tag.mjs"], { cwd: import.meta.dirname, input: "您的快递已到\n\n", encoding: "utf8" });
  assert.deepEqual(output.trimEnd().split("\n").map((line) => JSON.parse(line).text), ["您的快递已到", ""]);
});
