import { afterAll, beforeAll, expect, test } from "bun:test"
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs"
import { join } from "node:path"
import { exec } from "@skein/sandbox"
import { memoryArtifacts } from "@skein/testkit"
import type { ServerTask } from "./server-driver.ts"

const HANG_MS = 60_000
const FAKE = join(import.meta.dir, "../../../adapters/mcp/test/servers/fake.ts")
const KEY = "sk-ant-api03-Zx81kQpLw02mNvB7rTyU4hJ9"

let base: string
beforeAll(() => {
  // Not below /tmp, of which a confined process sees one of its own.
  base = realpathSync(mkdtempSync("/var/tmp/skein-servers-"))
  for (const name of ["workspace", "home", "outside", "program"]) mkdirSync(join(base, name))
  // Wherever this is checked out, the server sees its program.
  copyFileSync(process.execPath, join(base, "program/bun"))
  copyFileSync(FAKE, join(base, "program/fake.ts"))
})
afterAll(async () => {
  for (const skein of started) skein.kill("SIGKILL")
  await Promise.all(started.map(({ exited }) => exited))
  rmSync(base, { recursive: true, force: true })
})
const started: Bun.Subprocess[] = []

const confinement = await exec({ artifacts: memoryArtifacts(), env: {} }).confinement("workspace-write")

/** Processes that come of this server, wherever they went. */
function comeOf(mark: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").includes(`MARK=${mark}`)
    } catch {
      // It ended while it was looked at, and nobody needs to hear of it.
      return false
    }
  })
}

async function used(task: Pick<ServerTask, "sandbox" | "calls">) {
  const mark = crypto.randomUUID()
  const whole: ServerTask = { base, args: [join(base, "program/bun"), join(base, "program/fake.ts")], mark, ...task }
  const skein = Bun.spawn([process.execPath, join(import.meta.dir, "server-driver.ts"), JSON.stringify(whole)], {
    env: { PATH: process.env.PATH, ANTHROPIC_API_KEY: KEY },
    stdio: ["ignore", "pipe", "ignore"],
  })
  started.push(skein)
  let said = ""
  for await (const bytes of skein.stdout) {
    said += new TextDecoder().decode(bytes)
    if (said.endsWith("used\n")) break
  }
  return { skein, mark, lines: said.trim().split("\n").slice(0, -1) }
}

for (const sandbox of ["workspace-write", "full-access"] as const)
  test.skipIf(sandbox !== "full-access" && confinement.kind !== "confined")(
    `in ${sandbox} a server and all that it started are gone two seconds after skein was killed`,
    async () => {
      const { skein, mark } = await used({ sandbox, calls: [["fork", {}]] })
      while (comeOf(mark).length < 2) await Bun.sleep(20)
      skein.kill("SIGKILL")
      await skein.exited
      const from = performance.now()
      while (comeOf(mark).length > 0 && performance.now() - from < HANG_MS / 2) await Bun.sleep(20)
      expect(performance.now() - from).toBeLessThan(2_000)
    },
    HANG_MS,
  )

test.skipIf(confinement.kind !== "confined")(
  "a confined server writes in the session's folder and its own, nowhere else, and has no key of the person's",
  async () => {
    const write = (name: string): readonly [string, object] => ["write", { path: join(base, name) }]
    const calls = [write("workspace/a"), write("cache/b"), write("outside/c"), write("home/d"), ["env", {}]] as const
    const { skein, lines } = await used({ sandbox: "workspace-write", calls })
    skein.kill("SIGKILL")
    await skein.exited
    expect(lines.slice(0, 2)).toEqual(["written", "written"])
    expect(lines.slice(2, 4).map((line) => /EROFS|EACCES|EPERM|ENOENT/.test(line))).toEqual([true, true])
    expect(["workspace/a", "cache/b", "outside/c", "home/d"].map((name) => existsSync(join(base, name)))).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(lines[4]).not.toContain("ANTHROPIC_API_KEY")
  },
  HANG_MS,
)
