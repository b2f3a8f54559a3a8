import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { ExecPort } from "@skein/core/ports"
import { localProcesses } from "@skein/testkit"
import { type CodeSettings, code } from "../src/index.ts"

const MODULES = join(import.meta.dir, "../node_modules")

export const SETTINGS: CodeSettings = {
  isEnabled: true,
  idleMs: 300_000,
  memoryBytesMax: 4_000_000_000,
  servers: {},
  linters: {},
}

export type Said = "trusted" | "undecided" | "refused"

/** A project in a folder of its own, the real servers on a PATH of its own, and what asks them. */
export function scene(files: Readonly<Record<string, string>>, given: Partial<CodeSettings> & { said?: Said } = {}) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "skein-lsp-")))
  const root = join(home, "project")
  const bin = join(home, "bin")
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  mkdirSync(bin, { recursive: true })
  for (const [name, text] of Object.entries(files)) write(name, text)
  for (const name of ["typescript-language-server", "pyright-langserver"])
    symlinkSync(join(MODULES, ".bin", name), join(bin, name))
  const processes = localProcesses()
  const notices: string[] = []
  const facts: { said: Said; now: number; isHeld: boolean } = { said: given.said ?? "undecided", now: 0, isHeld: true }
  const tsserver = { path: join(MODULES, "typescript-5/lib/tsserver.js") }
  const servers = { typescript: { initialization: { tsserver } }, ...given.servers }
  const port = code({
    processes: processes.port,
    exec: { run: runs, confinement: async () => (facts.isHeld ? { kind: "confined", by: "a test" } : UNHELD) },
    path: `${bin}:${process.env.PATH}`,
    settingsFor: () => ({ ...SETTINGS, ...given, servers }),
    isRefused: () => facts.said === "refused",
    isTrusted: async () => facts.said === "trusted",
    now: () => facts.now,
    notify: (sentence) => notices.push(sentence),
  })
  const query = { roots: [root], signal: new AbortController().signal }
  return {
    ...{ root, bin, write, code: port, query, facts, notices, ...processes },
    path: (name: string) => join(root, name),
    remove: (name: string) => rmSync(join(root, name)),
    program(name: string, text: string) {
      writeFileSync(join(bin, name), text)
      chmodSync(join(bin, name), 0o755)
    },
    async [Symbol.asyncDispose]() {
      await port.close()
      rmSync(home, { recursive: true })
    },
  }
}

const UNHELD = { kind: "none", reason: "The person chose to run without a sandbox." } as const

/** A command, unconfined. */
const runs: ExecPort["run"] = async ({ command, cwd, timeoutMs }) => {
  const child = Bun.spawnSync([...command], { cwd, timeout: timeoutMs })
  const output = child.stdout.toString() + child.stderr.toString()
  const isTimedOut = child.exitedDueToTimeout === true
  return {
    ...{ exitCode: child.exitCode, signal: null, isTimedOut, output, bytes: output.length },
    ...{ durationMs: 0, isGroupLeftBehind: false },
  }
}
