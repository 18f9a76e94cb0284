// In the app's web view: `host` is the app, and every address below this page's own is answered from the app's files.
import * as ort from "./ort.wasm.bundle.min.mjs";
import { start } from "./engine.js";

const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
window.run = await start(ort, window.host, bytes);
