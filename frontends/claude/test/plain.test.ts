import { expect, test } from "bun:test"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { agent, isMissing, real } from "./real.ts"

const host = real((prompt) => {
  const [, path] = /write (\S+)/.exec(prompt) ?? []
  if (path !== undefined) return { text: "I will.", call: { name: "write", input: { path, content: "made\n" } } }
  return { text: `I heard ${prompt.split("\n").at(-1)}` }
})

/** The program as a person runs it, with what it is given on stdin. */
async function ran(argv: readonly string[], stdin = ""): Promise<{ out: string; err: string; code: number }> {
  const child = Bun.spawn([agent, "--model", "claude-sonnet-4-5", ...argv], {
    ...{ cwd: host.cwd, stdin: new Blob([stdin]), stdout: "pipe", stderr: "pipe" },
    env: { PATH: process.env.PATH ?? "", HOME: host.cwd, ...host.env() },
  })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { out, err, code }
}

const linesOf = (out: string) =>
  out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
const outlineOf = (out: string) => linesOf(out).map(({ type, subtype }) => [type, subtype].filter(Boolean).join(" "))
const TURN = ["system init", "assistant", "result success"]

test.skipIf(isMissing)("-p prints text, one result, or every line", async () => {
  expect((await ran(["-p", "hello"])).out).toBe("I heard hello\n")
  const { out, code } = await ran(["-p", "hello", "--output-format", "json"])
  expect([linesOf(out).length, linesOf(out)[0].result, code]).toEqual([1, "I heard hello", 0])
  expect(outlineOf((await ran(["-p", "hello", "--output-format=stream-json", "--verbose"])).out)).toEqual(TURN)
  expect((await ran(["--output-format=stream-json"], "hello by pipe")).out).toContain("I heard hello by pipe")
})

test.skipIf(isMissing)("--stream-json and --stream-json-thinking print the same lines by a shorter name", async () => {
  expect(outlineOf((await ran(["--stream-json", "hello"])).out)).toEqual(TURN)
  expect(outlineOf((await ran(["-x", "hello", "--stream-json-thinking"])).out)).toEqual(TURN)
})

test.skipIf(isMissing)(
  "--stream-json-input takes messages as lines, a turn each, and needs lines for its answers",
  async () => {
    const say = (text: string) => `${JSON.stringify({ type: "user", message: { role: "user", content: text } })}\n`
    const { out, code } = await ran(["--stream-json", "--stream-json-input"], say("one") + say("two"))
    const results = linesOf(out).filter(({ type }) => type === "result")
    expect([results.map(({ result }) => result), code]).toEqual([["I heard one", "I heard two"], 0])
    const alone = await ran(["--stream-json-input"], say("one"))
    expect([alone.code, alone.out]).toEqual([2, ""])
    expect(alone.err).toContain("--stream-json-input needs --stream-json")
  },
)

test.skipIf(isMissing)("a command of -p that stands for a turn is that turn, whatever it prints", async () => {
  const folder = join(host.cwd, ".home/config/commands")
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "heron.md"), "Tell me of herons: $ARGUMENTS\n")
  for (const format of ["text", "json", "stream-json"]) {
    const { out, code } = await ran(["-p", "/heron grey ones", "--output-format", format])
    expect([format, code, out.includes("Tell me of herons: grey ones")]).toEqual([format, 0, true])
  }
})

test.skipIf(isMissing)(
  "--agent and --agents make the session what they say, and an unknown one is refused",
  async () => {
    const agents = JSON.stringify({ heron: { description: "Wades.", prompt: "You are a heron.", tools: ["Read"] } })
    const { out } = await ran(["-p", "hello", "--agents", agents, "--agent", "heron"])
    const body = JSON.parse(host.sent.at(-1) ?? "{}")
    expect([out, body.tools.map(({ name }: { name: string }) => name)]).toEqual(["I heard hello\n", ["read"]])
    expect(JSON.stringify(body.system)).toContain("You are a heron.")
    const unknown = await ran(["-p", "hello", "--agent", "stork"])
    expect([unknown.code === 0, unknown.err.includes('There is no agent "stork"')]).toEqual([false, true])
  },
)

test.skipIf(isMissing)("--settings that are no JSON are refused before anything is asked", async () => {
  const before = host.sent.length
  for (const said of ["{not json", "nowhere.json"]) {
    const { code, err } = await ran(["-p", "hello", "--settings", said])
    expect([code, err.includes("--settings")]).toEqual([2, true])
  }
  expect(host.sent.length).toBe(before)
})
