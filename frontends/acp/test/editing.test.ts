import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { methods } from "@agentclientprotocol/sdk"
import { anthropic, type Reply } from "@skein/testkit/providers"
import { type Asking, allow, connect, outline, started, text } from "./client.ts"
import { editor } from "./editor.ts"

const { session } = methods.agent

/** The built program. `npm test` builds it first. */
const program = join(import.meta.dir, "../../../dist/skein")
const isMissing = !existsSync(program)
if (isMissing) console.warn("Skipped: an editor's files and terminals, because dist/skein is not built.")

let base = ""
let folder = ""
let model: ReturnType<typeof anthropic> | undefined
beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "skein-editing-")))
  model = anthropic(replyTo)
})
beforeEach(() => {
  folder = mkdtempSync(join(base, "project-"))
})
afterAll(() => {
  model?.stop()
  rmSync(base, { recursive: true, force: true })
})

const terminal = (command: string): Reply => ({
  call: { name: "call_tool", input: { name: "editor_terminal", input: { command } } },
})

function replyTo(prompt: string): Reply {
  if (prompt.includes("change it")) {
    return { call: { name: "edit", input: { path: "a.txt", oldText: "not saved", newText: "by skein" } } }
  }
  if (prompt.includes("make it")) return { call: { name: "write", input: { path: "new/made.txt", content: "made\n" } } }
  if (prompt.includes("read it")) return { call: { name: "read", input: { path: "a.txt" } } }
  if (prompt.includes("take it back")) return { call: { name: "call_tool", input: { name: "undo", input: {} } } }
  if (prompt.includes("run there")) return terminal("echo seen in the editor; exit 3")
  if (prompt.includes("echo there")) return terminal("echo there")
  if (prompt.includes("run long")) return terminal("echo started; sleep 600")
  if (prompt.includes("run here")) return { call: { name: "bash", input: { command: "echo one; echo two" } } }
  return { text: "Hello there friend" }
}

const envIn = (home: string) => ({
  PATH: process.env.PATH ?? "",
  HOME: base,
  SKEIN_HOME: join(base, home),
  ANTHROPIC_BASE_URL: model?.url ?? "",
  ANTHROPIC_API_KEY: "none",
})

async function open(asking: Asking = {}, cwd = folder, home = ".home") {
  const env = envIn(home)
  const held = asking.editor ?? editor(cwd)
  const host = await connect(started(program, env, folder), { ...asking, editor: held })
  const { sessionId } = await host.agent.request(session.new, { cwd, mcpServers: [] })
  const prompt = async (words: string) =>
    (await host.agent.request(session.prompt, { sessionId, prompt: text(words) })).stopReason
  return { ...host, held, sessionId, prompt }
}

const put = (content: string) => {
  const path = join(folder, "a.txt")
  writeFileSync(path, content)
  return path
}

test.skipIf(isMissing)(
  "what an editor has not saved is shown, edited, written and saved by it, and undo gives it back",
  async () => {
    const path = put("one\n")
    const host = await open()
    host.held.type(path, "one\nnot saved\n")
    expect(await host.prompt("change it")).toBe("end_turn")

    expect(host.asked).toMatchObject([{ toolCall: { content: [{ type: "diff", newText: "one\nby skein\n" }, {}] } }])
    expect([host.held.buffer(path), readFileSync(path, "utf8")]).toEqual(["one\nby skein\n", "one\nby skein\n"])
    expect(host.held.did.filter((line) => line.startsWith("write"))).toEqual(["write a.txt", "write a.txt"])

    expect(await host.prompt("take it back")).toBe("end_turn")
    expect(readFileSync(path, "utf8")).toBe("one\nnot saved\n")
    expect(await host.close()).toBe(0)
  },
)

test.skipIf(isMissing)("a refused permission leaves the editor's text and the disk as they were", async () => {
  const path = put("one\n")
  const host = await open({ answer: async () => allow("reject_once") })
  host.held.type(path, "one\nnot saved\n")
  expect(await host.prompt("change it")).toBe("end_turn")

  expect(outline(host.updates(host.sessionId))).toContain("tool_call_update failed")
  expect([host.held.buffer(path), readFileSync(path, "utf8")]).toEqual(["one\nnot saved\n", "one\n"])
  expect(host.held.did.filter((line) => line.startsWith("write"))).toEqual([])
  await host.close()
})

test.skipIf(isMissing)(
  "a new file is written by the editor, which is asked twice whether it has it: before and after the question",
  async () => {
    const host = await open()
    expect(await host.prompt("make it")).toBe("end_turn")
    expect(readFileSync(join(folder, "new/made.txt"), "utf8")).toBe("made\n")
    expect(host.held.did).toEqual(["read new/made.txt", "read new/made.txt", "write new/made.txt", "read new/made.txt"])
    await host.close()
  },
)

test.skipIf(isMissing)("an editor is asked for a file by the name that it has it open under", async () => {
  put("one\n")
  const link = join(base, `link-${crypto.randomUUID()}`)
  symlinkSync(folder, link)
  const host = await open({ editor: editor(link) }, link)
  host.held.type(join(link, "a.txt"), "one\nnot saved\n")
  expect(await host.prompt("change it")).toBe("end_turn")
  expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("one\nby skein\n")
  await host.close()
})

test.skipIf(isMissing)("a client that can read and not write leaves the writing to skein", async () => {
  const path = put("not saved\n")
  const held = editor(folder)
  const reading = { ...held, capabilities: { fs: { readTextFile: true, writeTextFile: false } } }
  const host = await open({ editor: reading })
  expect(await host.prompt("change it")).toBe("end_turn")
  expect(readFileSync(path, "utf8")).toBe("by skein\n")
  expect(held.did.some((line) => line.startsWith("write"))).toBe(false)
  await host.close()
})

test.skipIf(isMissing)(
  "a command runs in the editor's terminal when the person says so, is shown there, and let go of",
  async () => {
    const host = await open()
    expect(await host.prompt("run there")).toBe("end_turn")

    const [asked] = host.asked
    expect(JSON.stringify(asked?.toolCall.content)).toContain("run in the editor's terminal, outside the sandbox")
    expect(asked?.options.map(({ kind }) => kind)).toEqual(["allow_once", "reject_once"])
    expect(host.held.did).toEqual(["create echo seen in the editor; exit 3", "output", "release"])
    const shown = host
      .updates(host.sessionId)
      .flatMap((update) =>
        update.sessionUpdate === "tool_call_update" ? [[update.status, update.content?.map(({ type }) => type)]] : [],
      )
    expect(shown).toEqual([
      ["in_progress", undefined],
      [undefined, ["terminal"]],
      ["failed", ["terminal"]],
    ])
    expect(await host.close()).toBe(0)
  },
)

test.skipIf(isMissing)(
  "what runs in the sandbox is a terminal too, for a client that shows those of the agent",
  async () => {
    const host = await open({ capabilities: { _meta: { terminal_output: true } } })
    expect(await host.prompt("run here")).toBe("end_turn")

    const updates = host.updates(host.sessionId)
    const call = updates.find(({ sessionUpdate }) => sessionUpdate === "tool_call")
    expect(call).toMatchObject({ content: [{ type: "terminal" }], _meta: { terminal_info: { cwd: folder } } })
    const metas = updates.flatMap((update) => ("_meta" in update && update._meta != null ? [update._meta] : []))
    const said = metas.map(({ terminal_output }) => (terminal_output as { data?: string } | undefined)?.data ?? "")
    expect(said.join("")).toBe("one\ntwo\n")
    expect(metas.at(-1)).toMatchObject({ terminal_exit: { exit_code: 0 } })
    expect(host.held.did).toEqual([])
    expect(await host.close()).toBe(0)
  },
)

test.skipIf(isMissing)("a refused command starts no terminal", async () => {
  const host = await open({ answer: async () => allow("reject_once") })
  expect(await host.prompt("run there")).toBe("end_turn")
  expect(host.held.did).toEqual([])
  await host.close()
})

test.skipIf(isMissing)("rules of commands forbid there too; one that allows spares no question", async () => {
  for (const decision of ["allow", "deny"]) {
    const home = `.home-${decision}`
    const added = Bun.spawnSync([program, "permissions", "add", decision, "echo *"], { cwd: folder, env: envIn(home) })
    expect(added.exitCode).toBe(0)
    const host = await open({}, folder, home)
    expect(await host.prompt("echo there")).toBe("end_turn")
    expect([decision, host.asked.length, host.held.did.length]).toEqual(
      decision === "allow" ? ["allow", 1, 3] : ["deny", 0, 0],
    )
    await host.close()
  }
})

test.skipIf(isMissing)("cancel ends what runs in the editor's terminal, and lets go of it", async () => {
  const released = Promise.withResolvers<void>()
  const held = editor(folder, { onReleased: released.resolve })
  const host = await open({ editor: held })
  const answer = host.prompt("run long")
  await host.until(host.sessionId, (update) => "content" in update && JSON.stringify(update).includes('"terminal"'))
  await host.agent.notify(session.cancel, { sessionId: host.sessionId })

  expect(await answer).toBe("cancelled")
  await released.promise
  expect(host.held.did).toContain("kill")
  expect(host.held.terminals.size).toBe(0)
  await host.close()
})

test.skipIf(isMissing)("a client that has neither is asked for neither", async () => {
  const path = put("not saved\n")
  const held = { ...editor(folder), capabilities: {} }
  const host = await open({ editor: held })
  expect(await host.prompt("change it")).toBe("end_turn")
  expect(await host.prompt("run there")).toBe("end_turn")
  expect(readFileSync(path, "utf8")).toBe("by skein\n")
  expect(held.did).toEqual([])
  await host.close()
})
