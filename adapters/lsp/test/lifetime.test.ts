import { expect, test } from "bun:test"
import { chmodSync, existsSync, mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { scene } from "./scene.ts"

const HANG_MS = 120_000
const CYCLES = process.env.SKEIN_SOAK === "1" ? 500 : 12
const PATIENT = { waitMs: 100_000 }
const PYTHON = { "a.py": "n: int = 1\n" }

/** Until it holds: what is waited for comes by a timer. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(10)
}

/** A server that ends by itself as soon as it was told that it is there. */
const CRASHING = `#!/usr/bin/env node
const reply = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { capabilities: {} } })
process.stdin.once("data", () => {
  process.stdout.write("Content-Length: " + Buffer.byteLength(reply) + "\\r\\n\\r\\n" + reply)
  process.stdin.once("data", () => process.exit(7))
})
`

test(
  `${CYCLES} times a file is opened and changed by one server, and none is left`,
  async () => {
    const project = scene({ "a.ts": "export const n = 1\n", ...PYTHON })
    const { code, query, path, write, started, running } = project
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const name = `f${cycle % 100}.ts`
      await code.beforeChange([path(name)], query)
      write(name, `export const n: string = ${cycle}\n`)
      const { late } = await code.introduced([path(name)], { ...query, ...PATIENT })
      expect(late).toEqual(cycle === 0 ? ["The language server typescript is starting."] : [])
      if (cycle === 0) await code.diagnostics([path(name)], { ...query, ...PATIENT })
    }
    await code.diagnostics([path("a.py")], { ...query, ...PATIENT })
    expect(started.length).toBe(2)
    await code.close()
    expect(running()).toEqual([])
    for (const { pid } of started) expect(existsSync(`/proc/${pid}`)).toBe(false)
    await project[Symbol.asyncDispose]()
  },
  SOAK_MS(),
)

test(
  "one that nobody asks is ended, and begun anew by the next question",
  async () => {
    await using project = scene(PYTHON, { idleMs: 200 })
    const { code, query, path, facts, started, running, root } = project
    await code.diagnostics([path("a.py")], { ...query, ...PATIENT })
    facts.now += 199
    await Bun.sleep(500)
    expect(running().length).toBe(1)
    facts.now += 1
    await until(() => running().length === 0)
    expect((await code.status(root)).map(({ name, status }) => [name, status])).toEqual([["python", "idle"]])
    await code.diagnostics([path("a.py")], { ...query, ...PATIENT })
    expect([started.length, running().length]).toEqual([2, 1])
  },
  HANG_MS,
)

test(
  "one that holds too much is ended and told, begun once more, and then left alone",
  async () => {
    await using project = scene(PYTHON, { memoryBytesMax: 10_000_000, idleMs: 100 })
    const { code, query, path, notices, running, root } = project
    await code.diagnostics([path("a.py")], { ...query, ...PATIENT })
    await until(() => notices.length === 1)
    await until(() => running().length === 0)
    expect(notices[0]).toMatch(
      /^Language server: python held \d+ MB, more than lsp\.memory_mb = 10, and was ended\. It is begun once more/,
    )
    await code.diagnostics([path("a.py")], { ...query, ...PATIENT })
    await until(() => notices.length === 2)
    expect(notices[1]).toContain("is left alone now")
    expect((await code.diagnostics([path("a.py")], { ...query, ...PATIENT })).late[0]).toContain("is left alone now")
    expect((await code.status(root)).map(({ name, status }) => [name, status])).toEqual([["python", "failed"]])
  },
  HANG_MS,
)

test(
  "one that ends by itself three times is left alone, and says so",
  async () => {
    await using project = scene(PYTHON, { servers: { python: { command: "crashing" } } })
    const { code, query, path, program, started, notices } = project
    program("crashing", CRASHING)
    for (let times = 0; times < 5; times++) {
      const { late } = await code.diagnostics([path("a.py")], { ...query, ...PATIENT })
      expect(late.length).toBe(1)
    }
    expect(started.length).toBe(3)
    expect(notices).toEqual(["Language server: python ended 3 times by itself, and is left alone."])
  },
  HANG_MS,
)

test(
  "what the folder brings is not started before a person trusts it, nor what would run the folder's code",
  async () => {
    await using project = scene({ ...PYTHON, "Cargo.toml": "", "c.rs": "fn main() {}\n", "d.lua": "", "e.sh": "" })
    const { code, query, path, bin, root, program, facts, started } = project
    program("rust-analyzer", CRASHING)
    program("of-project", CRASHING)
    mkdirSync(join(root, "node_modules/.bin"), { recursive: true })
    symlinkSync(join(bin, "of-project"), join(root, "node_modules/.bin/lua-language-server"))
    symlinkSync(join(root, "d.lua"), join(bin, "bash-language-server"))
    chmodSync(path("d.lua"), 0o755)
    const late = async (name: string) =>
      (await code.diagnostics([path(name)], { ...query, ...PATIENT })).late.join("\n")
    expect(await late("c.rs")).toContain("nobody said that")
    expect(await late("d.lua")).toContain("looked for lua-language-server")
    expect(started).toEqual([])
    expect(await late("e.sh")).toContain("looked for bash-language-server")
    facts.isHeld = false
    facts.now += 10_000
    expect(await late("a.py")).toContain("Nothing would confine")
    expect(started).toEqual([])
    facts.said = "refused"
    expect(await late("a.py")).toBe("")
    expect(started).toEqual([])
    facts.said = "trusted"
    expect(await late("d.lua")).toContain("ended")
    expect(started.map(({ request }) => request.command)).toEqual([
      [join(root, "node_modules/.bin/lua-language-server")],
    ])
    expect(started[0]?.request).toMatchObject({ sandbox: "read-only", roots: [root], cwd: root })
    expect(started[0]?.request.network).toBe(undefined)
  },
  HANG_MS,
)

function SOAK_MS(): number {
  return process.env.SKEIN_SOAK === "1" ? 1_800_000 : HANG_MS
}
