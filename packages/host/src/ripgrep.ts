import { mkdirSync, renameSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { lazy, SkeinError } from "@skein/protocol"
import { embeddedProgram } from "./build-facts.ts"

/** Finds ripgrep when it is first needed: the one inside this binary, else wherever the tools find one. */
export function ripgrepIn(cacheDir: string, find: (executable: string) => string | undefined): () => Promise<string> {
  return lazy(async () => (await fromBinary(cacheDir)) ?? find(process.execPath) ?? missing())
}

/** Written to the cache once, under its hash, for its owner alone; another version gets another name. */
async function fromBinary(cacheDir: string): Promise<string | undefined> {
  const program = embeddedProgram("rg")
  if (program === undefined) return undefined
  const path = join(cacheDir, "bin", `rg-${program.sha256.slice(0, 16)}`)
  const there = statSync(path, { throwIfNoEntry: false })
  if (there?.size === program.file.size && there.uid === process.getuid?.()) return path
  const bytes = await program.file.bytes()
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const fresh = `${path}.${crypto.randomUUID()}`
  writeFileSync(fresh, bytes, { mode: 0o700, flag: "wx" })
  renameSync(fresh, path)
  return path
}

function missing(): never {
  throw new SkeinError(
    "op.unsupported",
    "Searching needs ripgrep, and there is none. Install it (apt-get install ripgrep).",
  )
}
