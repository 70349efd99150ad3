// Says whether a built contract can be one: it is valid WASM, exports `user_entrypoint` and one page of memory, and
// imports nothing but the host's functions that a real chain has. Called by scripts/build-wasm with the file's path.
import { readFileSync } from "node:fs";

const bytes = readFileSync(process.argv[2]);
const complaints = [];
try {
  const module = new WebAssembly.Module(bytes);
  const exported = WebAssembly.Module.exports(module).map((entry) => entry.name);
  if (!exported.includes("user_entrypoint")) {
    complaints.push("it exports no user_entrypoint: the crate has no #[entrypoint]");
  }
  const imports = WebAssembly.Module.imports(module);
  for (const { module: from, name } of imports) {
    if (from !== "vm_hooks") complaints.push(`it imports ${from}.${name}, which a chain does not have`);
  }
  if (exported.includes("user_entrypoint")) {
    const hooks = Object.fromEntries(imports.map(({ name }) => [name, () => 0]));
    const pages = new WebAssembly.Instance(module, { vm_hooks: hooks }).exports.memory.buffer.byteLength / 65536;
    if (pages > 2) complaints.push(`it starts with ${pages} pages of memory, and only two are free`);
  }
} catch (error) {
  complaints.push(error.message);
}
for (const complaint of complaints) console.error(`build-wasm: error: ${process.argv[2]}: ${complaint}`);
if (complaints.length === 0) console.error(`build-wasm: ${process.argv[2].split("/").pop()}: ${bytes.length} bytes`);
process.exit(complaints.length === 0 ? 0 : 1);
