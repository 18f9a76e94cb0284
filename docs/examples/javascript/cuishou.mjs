// Tags SMS with model/cuishou.onnx in JavaScript: code points in, tag and reason codes out. Runs in Node and in a browser.
import * as ort from "onnxruntime-web";

ort.env.wasm.numThreads = 1; // more needs a page that is cross-origin isolated

export const FORMAT = "cuishou/1";

/** Load the bytes of a model file (a Uint8Array). Throws an Error for a model that this code does not understand. */
export async function loadScorer(model) {
  const metadata = readMetadata(model);
  if (metadata.format !== FORMAT) {
    throw new Error(`this is no model that can be used here: its format is ${metadata.format ?? "not given"}, not ${FORMAT}`);
  }
  const session = await ort.InferenceSession.create(withoutDefault(model, "explain"), { logSeverityLevel: 4 });
  return new Scorer(session, metadata);
}

class Scorer {
  constructor(session, metadata) {
    this.session = session;
    this.tags = JSON.parse(metadata.tags); // from least to gravest
    this.reasons = JSON.parse(metadata.reasons);
    this.flags = new Set(JSON.parse(metadata.flags));
    this.reviewBelow = JSON.parse(metadata.review_below);
    const thresholds = JSON.parse(metadata.reason_thresholds);
    this.thresholds = this.reasons.map((code) => thresholds[code]);
  }

  /**
   * Tag each of `texts`: [{tag, probabilities, reasons: [{code, probability}], needsReview, reasonProbabilities}].
   * For thousands of texts call it with a few hundred of similar length at a time.
   */
  async tag(texts) {
    if (texts.length === 0) return [];
    const { found } = await this.#run(texts, ["tag", "tag_probabilities", "reason_probabilities"], false);
    return texts.map((_, row) => this.#tagging(row, found));
  }

  /** Where each token of each of `texts` starts, in code points. */
  async tokenStarts(texts) {
    if (texts.length === 0) return [];
    const { encoded, columns, found } = await this.#run(texts, ["token_starts"], true);
    return encoded.map((codes, row) => [...codes.keys()].filter((place) => found.token_starts.data[row * columns + place]));
  }

  /** onnxruntime works every output out, asked for or not; without `explain` the model leaves the dearest two empty. */
  async #run(texts, outputs, explain) {
    const encoded = texts.map(codePoints);
    const columns = Math.max(1, ...encoded.map((codes) => codes.length));
    const codes = new Int32Array(texts.length * columns); // zero-padded
    encoded.forEach((row, number) => codes.set(row, number * columns));
    const given = { codes: new ort.Tensor("int32", codes, [texts.length, columns]) };
    if (this.session.inputNames.includes("explain")) given.explain = new ort.Tensor("bool", [explain], []);
    return { encoded, columns, found: await this.session.run(given, outputs) };
  }

  #tagging(row, found) {
    const of = (name, width) => Array.from(found[name].data.subarray(row * width, (row + 1) * width));
    const tag = Number(found.tag.data[row]);
    const probabilities = of("tag_probabilities", this.tags.length);
    const ofReasons = of("reason_probabilities", this.reasons.length);
    return {
      tag: this.tags[tag],
      probabilities: Object.fromEntries(this.tags.map((name, i) => [name, probabilities[i]])),
      reasons: this.#shown(tag, ofReasons).map((i) => ({ code: this.reasons[i], probability: ofReasons[i] })),
      needsReview: probabilities[tag] < this.reviewBelow,
      reasonProbabilities: ofReasons,
    };
  }

  /** For the gravest tag the reasons that reach their threshold, at least the likeliest; flags for any collection. */
  #shown(tag, probabilities) {
    if (tag === 0) return [];
    const gravest = tag === this.tags.length - 1;
    const isFlag = (i) => this.flags.has(this.reasons[i]);
    const all = this.reasons.map((_, i) => i);
    const shown = all.filter((i) => (gravest || isFlag(i)) && probabilities[i] >= this.thresholds[i]);
    if (gravest && shown.every(isFlag)) {
      shown.push(all.filter((i) => !isFlag(i)).reduce((best, i) => (probabilities[i] > probabilities[best] ? i : best)));
    }
    return shown.sort((one, other) => probabilities[other] - probabilities[one]);
  }
}

/** The code points of `text`; a lone surrogate stays what it is. */
export function codePoints(text) {
  return Int32Array.from(text, (character) => character.codePointAt(0));
}

/** The `metadata_props` of an ONNX file, which onnxruntime-web does not hand out: field 14 of its outermost message. */
export function readMetadata(model) {
  const metadata = {};
  for (const [field, entry] of fields(model)) {
    if (field !== 14) continue;
    const pair = new Map(fields(entry));
    metadata[text(pair.get(1))] = text(pair.get(2));
  }
  return metadata;
}

/**
 * `model` with an `input` that must be given instead of one that may be: onnxruntime-web takes none that has a default. The default is
 * a constant of the input's name; under another name it is nothing's.
 */
export function withoutDefault(model, input) {
  const copy = model.slice();
  for (const graph of named(copy, 7)) {
    for (const constant of named(graph, 5)) {
      for (const name of named(constant, 8)) if (text(name) === input) name[0] = "_".charCodeAt(0);
    }
  }
  return copy;
}

const named = (message, number) => [...fields(message)].filter(([field]) => field === number).map(([, bytes]) => bytes);
const text = (bytes) => new TextDecoder().decode(bytes);

/** The fields of a protobuf message: [number, bytes] for those that have a length, [number, null] for the others. */
function* fields(message) {
  let place = 0;
  const varint = () => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      if (place >= message.length) throw new Error("this is no ONNX file, or it was cut off");
      const byte = message[place++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (place < message.length) {
    const key = varint();
    const [field, type] = [Math.floor(key / 8), key % 8];
    if (type === 2) {
      const length = varint();
      if (place + length > message.length) throw new Error("this is no ONNX file, or it was cut off");
      yield [field, message.subarray(place, place + length)];
      place += length;
    } else if (type === 0) {
      varint();
      yield [field, null];
    } else if (type === 1 || type === 5) {
      place += type === 1 ? 8 : 4;
      yield [field, null];
    } else {
      throw new Error("this is no ONNX file, or it was cut off");
    }
  }
}
