import { renameSync, writeFileSync, writeSync } from "node:fs"

// A process of its own: an editor that saves one file, whatever is there, at the moment it is told.
const [path = "", how = "rename"] = process.argv.slice(2)
writeSync(1, "ready\n")
for await (const line of console) {
  const [content = "", at = "0"] = line.split(" ")
  if (how === "rename") writeFileSync(`${path}.saving`, content)
  while (performance.timeOrigin + performance.now() < Number(at));
  if (how === "rename") renameSync(`${path}.saving`, path)
  else writeFileSync(path, content)
  writeSync(1, "saved\n")
}
