import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { anthropic, type Reply } from "@skein/testkit/providers"

/** acpx, a client of ACP by other hands and with another library, unmodified: edits, a terminal, a refused permission. */
const acpx = Bun.resolveSync("acpx/dist/cli.js", import.meta.dir)

/** The built program. `npm test` builds it first. */
const program = join(import.meta.dir, "../../../dist/skein")
const isMissing = !existsSync(program)
if (isMissing) console.warn("Skipped: acpx against the real program, because dist/skein is not built.")

const HANG_MS = 120_000

let base = ""
let model: ReturnType<typeof anthropic> | undefined
beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "skein-acpx-")))
  model = anthropic(replyTo)
})
afterAll(() => {
  model?.stop()
  rmSync(base, { recursive: true, force: true })
})

function replyTo(prompt: string): Reply {
  if (prompt.includes("make it")) {
    return { text: "I will.", call: { name: "write", input: { path: "made.txt", content: "made\n" } } }
  }
  if (prompt.includes("change it")) {
    return { call: { name: "edit", input: { path: "made.txt", oldText: "made", newText: "changed" } } }
  }
  if (prompt.includes("run it")) {
    const input = { command: "echo seen by acpx > seen.txt; cat seen.txt" }
    return { call: { name: "call_tool", input: { name: "editor_terminal", input } } }
  }
  return { text: "Hello there friend" }
}

interface Line {
  readonly id?: unknown
  readonly method?: string
  readonly params?: {
    readonly update?: { readonly sessionUpdate: string; readonly status?: string; readonly content?: unknown }
  }
  readonly result?: unknown
}

/** What acpx saw and did for one prompt: every message of both sides. */
async function asked(folder: string, permission: string, prompt: string) {
  const child = Bun.spawn(
    [
      process.execPath,
      acpx,
      "--agent",
      `'${program}' acp`,
      "--timeout",
      "60",
      "--format",
      "json",
      permission,
      "exec",
      prompt,
    ],
    {
      ...{ cwd: folder, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
      env: {
        PATH: process.env.PATH ?? "",
        HOME: base,
        SKEIN_HOME: join(base, ".skein-home"),
        ANTHROPIC_BASE_URL: model?.url ?? "",
        ANTHROPIC_API_KEY: "none",
      },
    },
  )
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  const lines = out.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Line] : []))
  return { code, err, lines, methods: lines.flatMap(({ method }) => (method === undefined ? [] : [method])) }
}

function folderOf(name: string): string {
  const folder = join(base, name)
  mkdirSync(folder)
  return folder
}

test.skipIf(isMissing)(
  "acpx makes and changes a file, which it writes itself",
  async () => {
    const folder = folderOf("edits")
    const made = await asked(folder, "--approve-all", "make it")
    expect(made).toMatchObject({ code: 0 })
    const changed = await asked(folder, "--approve-all", "change it")
    expect(changed).toMatchObject({ code: 0 })

    expect(readFileSync(join(folder, "made.txt"), "utf8")).toBe("changed\n")
    expect(changed.methods).toContain("fs/write_text_file")
    expect(changed.methods).toContain("session/request_permission")
    expect(JSON.stringify(changed.lines)).toContain('"type":"diff"')
    expect(JSON.stringify(changed.lines)).toContain('"stopReason":"end_turn"')
  },
  HANG_MS,
)

test.skipIf(isMissing)(
  "acpx runs a command in a terminal of its own, and shows it as that",
  async () => {
    const folder = folderOf("terminal")
    const ran = await asked(folder, "--approve-all", "run it")

    expect(ran).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, "seen.txt"), "utf8")).toBe("seen by acpx\n")
    expect(ran.methods.filter((method) => method.startsWith("terminal/"))).toEqual([
      "terminal/create",
      "terminal/wait_for_exit",
      "terminal/output",
      "terminal/release",
    ])
    const settled = ran.lines.find(({ params }) => params?.update?.status === "completed")
    expect(settled?.params?.update?.content).toMatchObject([{ type: "terminal" }])
  },
  HANG_MS,
)

test.skipIf(isMissing)(
  "what acpx refuses is not done, and the turn ends all the same",
  async () => {
    const folder = folderOf("refused")
    writeFileSync(join(folder, "made.txt"), "made\n")
    const refused = await asked(folder, "--deny-all", "change it")

    expect(refused.methods).toContain("session/request_permission")
    expect(readFileSync(join(folder, "made.txt"), "utf8")).toBe("made\n")
    expect(refused.lines.some(({ params }) => params?.update?.status === "failed")).toBe(true)
    expect(JSON.stringify(refused.lines)).toContain('"stopReason":"end_turn"')
  },
  HANG_MS,
)
