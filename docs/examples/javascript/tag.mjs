// node tag.mjs < messages.txt        one message a line in, one JSON object a line out
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { loadScorer } from "./cuishou.mjs";

const model = process.env.CUISHOU_MODEL ?? new URL("../../../model/cuishou.onnx", import.meta.url);
const scorer = await loadScorer(new Uint8Array(readFileSync(model)));
for await (const text of createInterface({ input: process.stdin })) {
  const [{ tag, probabilities, reasons, needsReview }] = await scorer.tag([text]);
  console.log(JSON.stringify({ tag, probabilities, reasons, needs_review: needsReview, text }));
}
