// Runs the model where there is no native onnxruntime. The app hands in codes and gets the packed outputs.

const SCORES = ["tag", "tag_probabilities", "reason_probabilities"];

/**
 * Load the model, tell `host.ready()` or `host.failed(why)`, and return run(outputs, rows, columns): it fetches `codes` (little-endian
 * int32, rows * columns) and hands `host.deliver` the outputs of these names in base64. `bytes(name)` gives the bytes of a file.
 */
export async function start(ort, host, bytes) {
  try {
    ort.env.wasm.numThreads = 1; // more needs a page that is cross-origin isolated
    ort.env.wasm.wasmBinary = await bytes("ort-wasm-simd-threaded.wasm");
    const session = await ort.InferenceSession.create(await bytes("cuishou.onnx"), { logSeverityLevel: 4 });
    const maySkip = session.inputNames.includes("explain");
    host.ready();
    return async (outputs, rows, columns) => {
      try {
        const given = { codes: new ort.Tensor("int32", new Int32Array((await bytes("codes")).buffer), [rows, columns]) };
        if (maySkip) given.explain = new ort.Tensor("bool", [!outputs.every((name) => SCORES.includes(name))], []);
        const found = await session.run(given, outputs);
        host.deliver(base64(pack(outputs.map((name) => found[name].data))));
      } catch (error) {
        host.failed(String(error));
      }
    };
  } catch (error) {
    host.failed(String(error));
    return async () => {};
  }
}

/** The data of outputs one behind the other, little-endian: what is int64 as int32, float32 and bytes as they are. */
export function pack(outputs) {
  const parts = outputs.map((data) => (data instanceof BigInt64Array ? Int32Array.from(data, Number) : data));
  const packed = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0));
  let place = 0;
  for (const part of parts) {
    packed.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), place);
    place += part.byteLength;
  }
  return packed;
}

/** In pieces, for a call takes only so many arguments; their size is a multiple of 3, so that they join. */
export function base64(bytes) {
  let text = "";
  for (let place = 0; place < bytes.length; place += 30_000) {
    text += btoa(String.fromCharCode(...bytes.subarray(place, place + 30_000)));
  }
  return text;
}
