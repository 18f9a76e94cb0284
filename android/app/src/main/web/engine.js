// Runs the model where there is no native onnxruntime. The app hands in codes and gets the packed outputs.

/**
 * Load the model, tell `host.ready()` or `host.failed(why)`, and return run(rows, columns): it fetches `codes` (little-endian int32,
 * rows * columns) and hands `host.deliver` the outputs in base64. `bytes(name)` gives the bytes of a file.
 */
export async function start(ort, host, bytes) {
  try {
    ort.env.wasm.numThreads = 1; // more needs a page that is cross-origin isolated
    ort.env.wasm.wasmBinary = await bytes("ort-wasm-simd-threaded.wasm");
    const session = await ort.InferenceSession.create(await bytes("cuishou.onnx"), { logSeverityLevel: 4 });
    host.ready();
    return async (rows, columns) => {
      try {
        const codes = new Int32Array((await bytes("codes")).buffer);
        host.deliver(base64(pack(await session.run({ codes: new ort.Tensor("int32", codes, [rows, columns]) }))));
      } catch (error) {
        host.failed(String(error));
      }
    };
  } catch (error) {
    host.failed(String(error));
    return async () => {};
  }
}

/** The outputs one behind the other, little-endian: tags as int32, both probabilities and contributions as float32, token starts as bytes. */
export function pack(found) {
  const parts = [
    Int32Array.from(found.tag.data, Number),
    found.tag_probabilities.data,
    found.reason_probabilities.data,
    found.contributions.data,
    Uint8Array.from(found.token_starts.data),
  ];
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
