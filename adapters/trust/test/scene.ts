import { dlopen } from "bun:ffi"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { type TrustOptions, trust } from "../src/index.ts"

/** A home and a folder in it, removed at the end of the scope. */
export function scene(files: Readonly<Record<string, string>> = {}) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-trust-")))
  const folder = join(root, "home/project")
  mkdirSync(folder, { recursive: true })
  const options: TrustOptions = {
    ...{ file: join(root, "data/trust.json"), home: join(root, "home"), now: () => 42, isTrusting: false },
    lock: async () => {
      const { flock } = dlopen("libc.so.6", { flock: { args: ["i32", "i32"], returns: "i32" } }).symbols
      return (fd) => (flock(fd, 6) === 0 ? { kind: "locked", release: () => void flock(fd, 8) } : { kind: "held" })
    },
    repositoryOf(path) {
      for (let at = path; at !== dirname(at); at = dirname(at)) if (existsSync(join(at, ".git"))) return at
      return undefined
    },
  }
  const put = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
    chmodSync(join(folder, path), mode)
  }
  for (const [path, text] of Object.entries(files)) put(path, text, text.startsWith("#!") ? 0o755 : 0o644)
  return {
    ...{ root, folder, options, put, trust: trust(options) },
    path: (...parts: string[]) => join(folder, ...parts),
    [Symbol.dispose]() {
      rmSync(root, { recursive: true, force: true })
    },
  }
}
