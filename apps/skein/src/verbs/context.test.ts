import { expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseFlags } from "../flags.ts"
import type { Io } from "../io.ts"
import { VERBS } from "../verbs.ts"
import { run } from "./context.ts"

test("context prints each file that a session reads here with its bytes, hash and reason, and each that it does not", async () => {
  using at = project()
  at.write("AGENTS.md", "Use tabs.\n@docs/gone.md\n")
  expect(
    (await context(at.root)).map((line) => line.replaceAll(/ {2,}/g, " | ").replace(/[0-9a-f]{12}/, "<hash>")),
  ).toEqual([
    expect.stringMatching(/^instructions \| \d+ bytes \| <hash> \| \(skein's own; about \d+ tokens\)$/),
    `agents_md | ${Buffer.byteLength(`# Instructions from ${at.root}/AGENTS.md (for this project)\nUse tabs.\n@docs/gone.md`)} bytes | <hash> | ${at.root}/AGENTS.md | (for this project; about ${Math.ceil(`# Instructions from ${at.root}/AGENTS.md (for this project)\nUse tabs.\n@docs/gone.md`.length / 3.5)} tokens)`,
    expect.stringMatching(/^environment \| \d+ bytes \| <hash> \| \(where the session works; about \d+ tokens\)$/),
    expect.stringMatching(/^together \d+ bytes$/),
    `not read: ${at.root}/docs/gone.md: there is no such file (imported by ${at.root}/AGENTS.md)`,
  ])
})

test("context as JSON holds the very bytes, and so does its text", async () => {
  using at = project()
  at.write("AGENTS.md", "Use tabs.")
  const [json = ""] = await context(at.root, "--json")
  expect(JSON.parse(json).sections[1]).toMatchObject({
    source: "agents_md",
    path: join(at.root, "AGENTS.md"),
    text: `# Instructions from ${at.root}/AGENTS.md (for this project)\nUse tabs.`,
  })
  expect((await context(at.root, "--text")).join("\n")).toContain("(for this project)\nUse tabs.\n")
})

test("a folder's name does nothing to the terminal that context is printed on", async () => {
  using at = project("a\u001b[2J\u202eb")
  at.write("AGENTS.md", "text")
  const printed = (await context(at.root)).join("\n")
  expect(printed).toContain("a\\e[2J\\u{202e}b/AGENTS.md")
  expect(printed).not.toContain("\u001b")
})

test("context of a session that is not there says so", async () => {
  using at = project()
  await expect(context(at.root, "01900000-0000-7000-8000-000000000000")).rejects.toThrow(/session/i)
})

function project(name = "project"): Disposable & { readonly root: string; write(path: string, text: string): void } {
  const made = realpathSync(mkdtempSync(join(tmpdir(), "skein-context-")))
  const root = join(made, name)
  // A repository of its own, so that nothing above it is read.
  mkdirSync(join(root, ".git"), { recursive: true })
  return {
    root,
    write: (path, text) => writeFileSync(join(root, path), text),
    [Symbol.dispose]: () => rmSync(made, { recursive: true, force: true }),
  }
}

/** The lines that `skein context` prints in a folder, with an empty home beside it. */
async function context(cwd: string, ...argv: string[]): Promise<string[]> {
  const lines: string[] = []
  const io: Io = {
    env: { HOME: join(cwd, "../home") },
    cwd,
    out: (line) => void lines.push(line),
    text: (text) => void lines.push(text),
    err: () => undefined,
    isInputTerminal: false,
    isOutputTerminal: false,
    readInput: async () => undefined,
    async *inputLines() {},
    onSignal: () => () => undefined,
    now: () => 0,
    columns: async () => 80,
    openTerminal: () => Promise.reject(new Error("There is no terminal.")),
  }
  const flags = VERBS.find(({ name }) => name === "context")?.flags ?? []
  expect(await run({ ...parseFlags(argv, flags), io, argv, table: { verbs: VERBS, coming: [] } })).toBe(0)
  return lines
}
