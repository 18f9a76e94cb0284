// The page's half of the web engine, with onnxruntime-web as the app packs it and a host that stands for the app.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { withoutDefault } from "../../../../../docs/examples/javascript/cuishou.mjs";
import { base64, pack, start } from "../../main/web/engine.js";

const root = new URL("../../../../../", import.meta.url);
const library = new URL("docs/examples/javascript/node_modules/onnxruntime-web/dist/", root);
const ort = await import(new URL("ort.wasm.bundle.min.mjs", library));
const wasm = new Uint8Array(readFileSync(new URL("ort-wasm-simd-threaded.wasm", library)));
const file = process.env.CUISHOU_MODEL ?? fileURLToPath(new URL("model/cuishou.onnx", root));
const model = withoutDefault(new Uint8Array(readFileSync(file)), "explain"); // as the app hands it in
const golden = readFileSync(join(dirname(file), "golden.jsonl"), "ascii").trimEnd().split("\n").map((line) => JSON.parse(line));
const [tags, reasons] = [golden[0].tag_probabilities.length, golden[0].reason_probabilities.length];

class Host {
  said = [];
  ready = () => this.said.push("ready");
  failed = (why) => this.said.push(`failed: ${why}`);
  deliver = (packed) => this.said.push(Buffer.from(packed, "base64"));
}

test("golden texts come back packed as the app unpacks them", async () => {
  const host = new Host();
  let codes = new Int32Array();
  const files = () => ({ codes: new Uint8Array(codes.buffer), "cuishou.onnx": model, "ort-wasm-simd-threaded.wasm": wasm });
  const bytes = async (name) => files()[name];
  const run = await start(ort, host, bytes);
  assert.deepEqual(host.said, ["ready"]);
  for (const { text, tag_probabilities, reason_probabilities, token_starts } of golden.slice(0, 120)) {
    codes = Int32Array.from(text, (character) => character.codePointAt(0));
    if (codes.length === 0) codes = new Int32Array(1);
    await run(["tag", "tag_probabilities", "reason_probabilities"], 1, codes.length);
    const scores = host.said.pop();
    assert.equal(scores.length, 4 * (1 + tags + reasons));
    const best = scores.readInt32LE(0);
    assert.ok(best >= 0 && best < tags);
    [...tag_probabilities, ...reason_probabilities].forEach((expected, i) => {
      assert.ok(Math.abs(scores.readFloatLE(4 + 4 * i) - expected) <= 1e-4, text.slice(0, 60));
    });
    await run(["contributions"], 1, codes.length);
    assert.equal(host.said.pop().length, 4 * codes.length * (tags + reasons));
    await run(["token_starts"], 1, codes.length);
    const starts = [...host.said.pop()].flatMap((isStart, place) => (isStart ? [place] : []));
    assert.deepEqual(starts.filter((place) => text !== "" || place > 0), token_starts, text.slice(0, 60));
  }
});

test("a model that cannot be loaded is told of", async () => {
  const host = new Host();
  const run = await start(ort, host, async (name) => (name === "cuishou.onnx" ? new Uint8Array(8) : wasm));
  assert.match(host.said[0], /^failed: /);
  await run(1, 1);
  assert.equal(host.said.length, 1);
});

test("base64 in pieces is base64", () => {
  for (const size of [0, 1, 29_999, 30_000, 30_001, 100_000]) {
    const bytes = Uint8Array.from({ length: size }, (_, i) => i % 251);
    assert.equal(base64(bytes), Buffer.from(bytes).toString("base64"));
  }
});

test("outputs lie one behind the other", () => {
  const packed = pack([BigInt64Array.of(3n), Float32Array.of(0.5, -1), Uint8Array.of(1)]);
  const view = new DataView(packed.buffer);
  assert.deepEqual([view.getInt32(0, true), view.getFloat32(4, true), view.getFloat32(8, true), packed[12]], [3, 0.5, -1, 1]);
  assert.equal(packed.length, 13);
});
