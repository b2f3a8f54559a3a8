import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { BINARY } from "./binary.ts"
import { modelServer } from "./model.ts"
import { Scene } from "./scene.ts"
import type { Reply } from "./wire.ts"
import { anthropic as wire } from "./wire-anthropic.ts"

/** Many checks pass for nothing as root, and others only for want of rights as nobody: attacks run as both. */
export type Who = "root" | "nobody" | "self"
export const WHO: readonly Who[] = process.getuid?.() === 0 ? ["root", "nobody"] : ["self"]

const NOBODY = 65_534

export interface Attack {
  readonly who: Who
  /** Flags behind `run`: mode, sandbox … */
  readonly args?: readonly string[]
  /** Files before the attack, from the scene's root: `project/a.ts`, `outside/victim`, `home/.ssh/id`. */
  readonly files?: Readonly<Record<string, string>>
  /** A shell line in the project before the attack, as the person. */
  readonly setup?: string
  /** What the model asks for, one step after another; the scene is known by then. */
  readonly steps: (place: Place) => readonly (readonly Call[])[]
  readonly env?: Readonly<Record<string, string>>
  /** Runs beside the attack, with the same rights and no sandbox: what it must not be able to reach. */
  readonly beside?: ((place: Place) => { [Symbol.dispose](): void }) | undefined
}

export interface Place {
  readonly root: string
  readonly project: string
  readonly outside: string
  readonly home: string
}

export type Call = NonNullable<Reply["calls"]>[number]

export interface Attacked extends Place {
  readonly code: number
  readonly out: string
  readonly err: string
  /** What each call gave, in the order they were asked for. */
  readonly results: readonly string[]
  /** What changed on the machine, but for skein's own data: `+ path`, `- path`, `~ path`, from the scene's root. */
  readonly changed: readonly string[]
  /** All that the model was sent. */
  readonly sent: string
  [Symbol.dispose](): void
}

/** How skein is protected while it is attacked. Each layer alone has to hold where it should; without both, nothing may. */
export const LAYERS = {
  both: ["--mode", "auto"],
  policy: ["--mode", "auto", "--no-sandbox"],
  sandbox: ["--mode", "full"],
  none: ["--mode", "full", "--no-sandbox"],
} as const

/** A shell command of the model. */
export function bash(command: string): Call {
  return { name: "bash", args: { command } }
}

/** Performs the attack through the scripted model against the binary, and tells what came of it. */
export async function attack({
  who,
  args = [],
  files = {},
  setup,
  steps,
  env = {},
  beside,
}: Attack): Promise<Attacked> {
  const scene = new Scene()
  const place = { root: scene.root, project: scene.cwd, outside: join(scene.root, "outside"), home: scene.home }
  const all = { "outside/victim": "precious\n", "project/README": "hello\n", ...files }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(scene.root, path)), { recursive: true })
    writeFileSync(join(scene.root, path), text)
  }
  if (setup !== undefined) Bun.spawnSync(["sh", "-c", setup], { cwd: scene.cwd, env: scene.env })
  if (who === "nobody") handOver(scene.root)
  const replies = steps(place).map((calls): Reply => ({ calls }))
  let step = 0
  const server = modelServer(wire, (asked) => asked.say(replies[step++] ?? { text: "Done." }))
  const started = beside?.(place)
  try {
    const before = fingerprints(scene.root)
    const child = Bun.spawn([...startedBy(who), "run", ...args, "attack"], {
      cwd: scene.cwd,
      env: { ...scene.env, ...wire.env(server.url), ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    })
    const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
    const results = server.conversations.at(-1)?.results.map(({ text }) => text) ?? []
    const changed = differences(before, fingerprints(scene.root))
    const sent = server.requests.map(({ text }) => text).join("\n")
    return { ...place, code, out, err, results, changed, sent, [Symbol.dispose]: () => scene.remove() }
  } finally {
    started?.[Symbol.dispose]()
    server.stop()
  }
}

/** The binary with somebody's rights. */
export function startedBy(who: Who): readonly string[] {
  return [...rights(who), binaryFor(who)]
}

function rights(who: Who): readonly string[] {
  return who === "nobody" ? ["/usr/bin/setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"] : []
}

/** The tests' own copy lies where only its owner may look. */
function binaryFor(who: Who): string {
  if (who !== "nobody") return BINARY
  const folder = `${dirname(BINARY)}-open`
  const path = join(folder, "skein")
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  try {
    linkSync(BINARY, path)
  } catch {
    // Another file system.
    copyFileSync(BINARY, path)
  }
  chmodSync(path, 0o755)
  return path
}

/** Makes all of it nobody's. */
export function handOver(path: string): void {
  chownSync(path, NOBODY, NOBODY)
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) chownSync(join(entry.parentPath, entry.name), NOBODY, NOBODY)
  }
}

/** skein's own. */
const OWN = /^(home\/\.(local|config|cache)(\/(share(\/skein.*)?|skein.*))?|tmp(\/.*)?)$/

function fingerprints(root: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (OWN.test(name)) continue
    const path = join(root, name)
    const { mode, mtimeMs, uid } = lstatSync(path)
    const kind = lstatSync(path)
    const content = kind.isSymbolicLink() ? readlinkSync(path) : kind.isFile() ? Bun.hash(readFileSync(path)) : ""
    found.set(name, `${mode} ${uid} ${kind.isDirectory() ? "" : mtimeMs} ${content}`)
  }
  return found
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  const gone = [...before.keys()].filter((path) => !after.has(path)).map((path) => `- ${path}`)
  const changed = [...after].flatMap(([path, now]) => {
    const was = before.get(path)
    return was === now ? [] : [`${was === undefined ? "+" : "~"} ${path}`]
  })
  return [...gone, ...changed].toSorted()
}
