import { createHash } from "node:crypto"
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from "node:fs"
import { join } from "node:path"
import { layers } from "../../src/index.ts"
import { removeTree } from "../../src/layers/folder.ts"
import type { LayerStep } from "./driver.ts"

/** As root many checks pass for nothing, and as anybody else others do: everything is tried as both. */
const me = process.getuid?.() ?? -1
export const CASES =
  me === 0
    ? [
        { uid: 0, owner: 0 },
        { uid: 65_534, owner: 65_534 },
        { uid: 0, owner: 65_534 },
      ]
    : [{ uid: me, owner: me }]

export interface Scene {
  readonly base: string
  readonly workspace: string
  /** Makes files as they are to be found: by a shell, in the workspace. */
  given(script: string): void
  /** What became of each step, done by one process in one layer. */
  layer(...steps: readonly LayerStep[]): Promise<readonly string[]>
  /** Starts the same, for somebody who wants to end it. */
  start(...steps: readonly LayerStep[]): ReturnType<typeof Bun.spawn>
  cleanUp(): void
}

/** Not below /tmp, which commands see a private one of. */
export function scene({ uid, owner }: { readonly uid: number; readonly owner: number }): Scene {
  const base = realpathSync(mkdtempSync("/var/tmp/skein-layer-test-"))
  const workspace = join(base, "workspace")
  for (const name of ["workspace", "home", "data", "outside"]) mkdirSync(join(base, name), { mode: 0o755 })
  chmodSync(base, 0o755)
  const as = (id: number) => (id === me ? [] : ["setpriv", `--reuid=${id}`, `--regid=${id}`, "--clear-groups", "--"])
  Bun.spawnSync(["chown", "-R", `${owner}:${owner}`, base])
  if (uid !== owner) Bun.spawnSync(["chown", `${uid}:${uid}`, join(base, "data"), join(base, "home")])
  const start = (...steps: readonly LayerStep[]) =>
    Bun.spawn([...as(uid), process.execPath, join(import.meta.dir, "driver.ts"), JSON.stringify({ base, steps })], {
      cwd: base,
      env: { PATH: process.env.PATH, BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    })
  return {
    base,
    workspace,
    start,
    given(script) {
      const { exitCode, stderr } = Bun.spawnSync([...as(owner), "sh", "-ec", script], {
        cwd: workspace,
        stderr: "pipe",
      })
      if (exitCode !== 0) throw new Error(`Cannot set the scene: ${stderr.toString()}`)
    },
    async layer(...steps) {
      const child = start(...steps)
      const [out, err, code] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr as ReadableStream).text(),
        child.exited,
      ])
      if (code !== 0) throw new Error(`The driver ended with ${code ?? child.signalCode}: ${err}`)
      return JSON.parse(out)
    },
    cleanUp: () => removeTree(base),
  }
}

/** Every name below a folder with what it is, its permissions and its content; inode numbers too when it is not to be touched. */
export function picture(folder: string, with_: "content" | "inodes" = "content"): readonly string[] {
  const lines: string[] = []
  const walk = (path: string, name: string) => {
    const stats = lstatSync(path)
    const mode = (stats.mode & 0o7777).toString(8)
    const inode = with_ === "inodes" ? ` ${stats.ino} ${stats.ctimeMs}` : ""
    if (stats.isSymbolicLink()) lines.push(`${name} -> ${readlinkSync(path)}${inode}`)
    else if (stats.isFile()) {
      const text = readFileSync(path)
      const content = text.length < 60 && !text.includes(0) ? JSON.stringify(text.toString()) : sha256Of(text)
      lines.push(`${name} ${mode} ${content}${inode}`)
    } else lines.push(`${name}/ ${mode}${inode}`)
    if (!stats.isDirectory()) return
    for (const inner of readdirSync(path).toSorted()) walk(join(path, inner), name === "." ? inner : `${name}/${inner}`)
  }
  walk(folder, ".")
  return lines.slice(1)
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 12)
}

/** Undefined when layers work here; otherwise says why not, once, and why tests are skipped. */
export async function whyNoLayers(): Promise<string | undefined> {
  const folder = realpathSync(mkdtempSync("/var/tmp/skein-layer-probe-"))
  try {
    const given = await layers({ folders: [join(folder, "layers")], home: undefined }).available()
    if (given.isAvailable) return undefined
    console.warn(`Skipped, because layers do not work here: ${given.reason} ${given.cure}`)
    return given.reason
  } finally {
    removeTree(folder)
  }
}
