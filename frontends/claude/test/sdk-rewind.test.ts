import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Options, SDKMessage } from "@anthropic-ai/claude-agent-sdk"
import { anthropic, type Reply } from "@skein/testkit/providers"
import { drive, message } from "./with-agent.ts"

/** The built program. `npm test` builds it first. */
const agent = join(import.meta.dir, "../../../dist/skein")
const isMissing = !existsSync(agent)
if (isMissing) console.warn("Skipped: rewinding by the SDK, because dist/skein is not built.")

let cwd = ""
let provider: ReturnType<typeof anthropic> | undefined
beforeAll(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), "skein-sdk-rewind-")))
  provider = anthropic(replyTo)
})
afterAll(() => {
  provider?.stop()
  rmSync(cwd, { recursive: true, force: true })
})

/** `write a.txt one`: the words of the prompt are a file and its text. */
function replyTo(prompt: string): Reply {
  const [verb, path, content] = (prompt.split("\n").at(-1) ?? "").split(" ")
  if (verb !== "write") return { text: `I heard ${prompt}` }
  return { text: "I will.", call: { name: "write", input: { path, content: `${content}\n` } } }
}

function environment(): Record<string, string> {
  return { ANTHROPIC_BASE_URL: provider?.url ?? "", ANTHROPIC_API_KEY: "none", SKEIN_HOME: join(cwd, ".home") }
}

function start(prompt: Parameters<typeof drive>[0], options: Partial<Options> = {}) {
  const env = environment()
  const all: Partial<Options> = {
    model: "claude-sonnet-4-5",
    permissionMode: "acceptEdits",
    enableFileCheckpointing: true,
    extraArgs: { "replay-user-messages": null },
    ...options,
  }
  return drive(prompt, { agent, cwd, env, options: all })
}

/** Says each prompt when the one before is answered, then runs `last` while the program still listens. */
async function talked(
  words: readonly string[],
  options: Partial<Options> = {},
  last: (lines: ReturnType<typeof start>, told: readonly SDKMessage[]) => Promise<void> = async () => {},
): Promise<readonly SDKMessage[]> {
  const told: SDKMessage[] = []
  let answered = Promise.withResolvers<void>()
  async function* prompts() {
    for (const text of words) {
      answered = Promise.withResolvers()
      yield message(text)
      await answered.promise
    }
    await last(lines, told)
  }
  const lines = start(prompts(), options)
  for await (const line of lines) {
    told.push(line)
    if (line.type === "result") answered.resolve()
  }
  return told
}

/** What the host was told its own messages are called, in order. */
function sent(told: readonly SDKMessage[]): readonly string[] {
  return told.flatMap((line) => (line.type === "user" && "isReplay" in line && line.uuid ? [line.uuid] : []))
}

function answers(told: readonly SDKMessage[]): readonly string[] {
  return told.flatMap((line) => (line.type === "assistant" ? [line.uuid] : []))
}

function sessionOf(told: readonly SDKMessage[]): string {
  return told.find((line) => line.type === "result")?.session_id ?? ""
}

function read(name: string): string | undefined {
  const path = join(cwd, name)
  return existsSync(path) ? readFileSync(path, "utf8") : undefined
}

test.skipIf(isMissing)("rewindFiles shows and then takes back what was written since a message", async () => {
  const seen: unknown[] = []
  await talked(["write a.txt one", "write a.txt two", "write b.txt three"], {}, async (lines, told) => {
    const [first = "", second = ""] = sent(told)
    seen.push(await lines.rewindFiles(second, { dryRun: true }), read("a.txt"), read("b.txt"))
    seen.push(await lines.rewindFiles(second), read("a.txt"), read("b.txt"))
    seen.push(await lines.rewindFiles(first), read("a.txt"))
    seen.push(await lines.rewindFiles(crypto.randomUUID(), { dryRun: true }))
    seen.push(await lines.rewindFiles(crypto.randomUUID()).catch((error: Error) => error.message))
  })

  const [a, b] = [join(cwd, "a.txt"), join(cwd, "b.txt")]
  const both = { canRewind: true, filesChanged: [a, b], insertions: 1, deletions: 2 }
  expect(seen).toEqual([
    ...[both, "two\n", "three\n"],
    ...[both, "one\n", undefined],
    ...[{ canRewind: true, filesChanged: [a], insertions: 0, deletions: 1 }, undefined],
    { canRewind: false, error: "No file checkpoint found for this message." },
    "No file checkpoint found for this message.",
  ])
})

test.skipIf(isMissing)(
  "a file that something else changed since is not taken back, and nothing else either",
  async () => {
    const seen: unknown[] = []
    await talked(["write c.txt one"], {}, async (lines, told) => {
      const [first = ""] = sent(told)
      writeFileSync(join(cwd, "c.txt"), "mine\n")
      seen.push((await lines.rewindFiles(first, { dryRun: true })).error)
      seen.push(await lines.rewindFiles(first).catch((error: Error) => error.message), read("c.txt"))
    })

    const why = expect.stringContaining(`changed these files since: ${join(cwd, "c.txt")}`)
    expect(seen).toEqual([why, why, "mine\n"])
  },
)

test.skipIf(isMissing)("a session that is only resumed, without a word, takes files back too", async () => {
  const before = await talked(["write d.txt one"])
  const seen: unknown[] = []
  const lines = start("", { resume: sessionOf(before) })
  for await (const line of lines) {
    if (line.type !== "system" || line.subtype !== "init") continue
    seen.push((await lines.rewindFiles(sent(before)[0] ?? "")).canRewind, read("d.txt"))
    break
  }

  expect(seen).toEqual([true, undefined])
})

test.skipIf(isMissing)(
  "resumeSessionAt goes on after an earlier answer, in a fork or in the session itself",
  async () => {
    const before = await talked(["one", "two"])
    const resume = sessionOf(before)
    const [first = ""] = answers(before)
    const forked = await talked(["three"], { resume, forkSession: true, resumeSessionAt: first })
    const same = await talked(["four"], { resume, resumeSessionAt: first, resumeDropsTurn: sent(before)[1] ?? "" })

    expect(sessionOf(forked)).not.toBe(resume)
    expect(saidIn(forked)).toEqual(["one", "three"])
    expect(sessionOf(same)).toBe(resume)
    expect(saidIn(same)).toEqual(["one", "four"])
  },
)

test.skipIf(isMissing)("resuming refuses an unknown message, and to leave out more than was named", async () => {
  const before = await talked(["one", "two", "three"])
  const resume = sessionOf(before)
  const [resumeSessionAt = ""] = answers(before)
  const failed = async (options: Partial<Options>) =>
    talked(["four"], { resume, ...options }).then(
      () => "",
      (error: Error) => error.message,
    )

  expect(await failed({ resumeSessionAt: crypto.randomUUID() })).toContain("No message found with message.uuid of")
  expect(await failed({ resumeSessionAt, resumeDropsTurn: sent(before)[2] ?? "" })).toContain(
    "Resume rejected by --resume-drops-turn:",
  )
})

/** What the person said in the conversation as it stands. */
function saidIn(told: readonly SDKMessage[]): readonly string[] {
  const shown = Bun.spawnSync([agent, "session", "show", `ses_${sessionOf(told)}`, "--json"], {
    cwd,
    env: environment(),
  })
  const { items } = JSON.parse(shown.stdout.toString()) as { items: { kind: string; input?: { text: string }[] }[] }
  return items.flatMap(({ kind, input }) => (kind === "user_message" ? (input ?? []).map(({ text }) => text) : []))
}
