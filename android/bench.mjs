// The figures of onnxruntime for WebAssembly, which the phone's web view runs: node bench.mjs <model> <texts, a JSON string a line>
import { readFileSync } from "node:fs";
import { loadScorer } from "../docs/examples/javascript/cuishou.mjs";

const BATCH_CHARACTERS = 32_768; // as on the phone
const [model, file] = process.argv.slice(2);
const texts = readFileSync(file, "ascii").trimEnd().split("\n").map((line) => JSON.parse(line));
const median = (values) => values.sort((one, other) => one - other)[values.length >> 1];

async function elapsed(action) {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

/** Texts of about equal length together, padding included no more than `BATCH_CHARACTERS`. */
function* batches(all) {
  let batch = [];
  for (const text of all.toSorted((one, other) => one.length - other.length)) {
    if (batch.length > 0 && (batch.length + 1) * text.length > BATCH_CHARACTERS) {
      yield batch;
      batch = [];
    }
    batch.push(text);
  }
  yield batch;
}

async function tag(all) {
  for (const batch of batches(all)) await scorer.tag(batch);
}

let scorer;
const load = await elapsed(async () => {
  scorer = await loadScorer(new Uint8Array(readFileSync(model)));
  await scorer.tag(["您好"]);
});
await tag(texts);
const alone = [];
for (const text of texts.slice(0, 300)) alone.push(await elapsed(() => scorer.tag([text])));
const together = [];
for (let round = 0; round < 5; round++) together.push(await elapsed(() => tag(texts)));
console.log(JSON.stringify({ load_ms: load, alone_ms: median(alone), tags_per_second: (texts.length / median(together)) * 1e3 }));
