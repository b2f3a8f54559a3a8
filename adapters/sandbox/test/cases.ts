import { chmodSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { DriverTask } from "./driver.ts"

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
/** Stands wherever no command may read. */
export const CANARY = "canary-5f1c"

/** The driver's own environment holds secrets, as skein's would. */
export async function drive(task: DriverTask, uid: number): Promise<readonly string[]> {
  const asUser =
    uid === process.getuid?.() ? [] : ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--"]
  const child = Bun.spawn([...asUser, process.execPath, join(import.meta.dir, "driver.ts"), JSON.stringify(task)], {
    cwd: task.base,
    env: {
      PATH: process.env.PATH,
      BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0",
      ANTHROPIC_API_KEY: CANARY,
      HARMLESS_LOOKING: `postgres://user:${CANARY}@host/db`,
      BASH_ENV: `/dev/stdin; echo ${CANARY}`,
    },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code !== 0) throw new Error(`The driver ended with ${code ?? child.signalCode}: ${err}`)
  return JSON.parse(out)
}

export function write(path: string, content: string): void {
  mkdirSync(join(path, ".."), { recursive: true })
  writeFileSync(path, content)
}

export function own(path: string, uid: number): void {
  chmodSync(path, 0o755)
  if (uid !== process.getuid?.()) Bun.spawnSync(["chown", "-R", `${uid}:${uid}`, path])
}
