import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { join } from "node:path"
import { type MemoryArtifacts, memoryArtifacts } from "@skein/testkit"
import { type ClosableExec, type ExecOptions, exec } from "../src/index.ts"

/** A folder of a test's own, an ExecPort and its artifacts. Not below /tmp, which commands see a private one of. */
export interface TestWorld {
  readonly exec: ClosableExec
  readonly artifacts: MemoryArtifacts
  /** Holds `workspace`, `home` and `outside`. */
  readonly base: string
  readonly workspace: string
  readonly home: string
  readonly outside: string
  cleanUp(): void
}

export function testWorld(options: Partial<ExecOptions> = {}): TestWorld {
  const base = realpathSync(mkdtempSync("/var/tmp/skein-test-"))
  const [workspace, home, outside] = ["workspace", "home", "outside"].map((name) => join(base, name))
  if (workspace === undefined || home === undefined || outside === undefined)
    throw new Error("Three names, three folders")
  for (const folder of [workspace, home, outside]) mkdirSync(folder)
  const artifacts = memoryArtifacts()
  const port = exec({ artifacts, env: { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8" }, ...options })
  return {
    exec: port,
    artifacts,
    base,
    workspace,
    home,
    outside,
    cleanUp() {
      port.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}

/** Undefined when commands can be confined here; otherwise says why not, once, and why tests are skipped. */
export async function whyUnconfined(): Promise<string | undefined> {
  const given = await exec({ artifacts: memoryArtifacts(), env: {} }).confinement("workspace-write")
  if (given.kind !== "unavailable") return undefined
  console.warn(`Skipped, because commands cannot be confined here: ${given.reason} ${given.cure}`)
  return given.reason
}
