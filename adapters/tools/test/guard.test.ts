import { afterEach, describe, expect, test } from "bun:test"
import { statSync, utimesSync } from "node:fs"
import type { FilesPort, ToolResult, ToolsPort } from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"
import { localFiles, tools } from "../src/index.ts"
import { noSessions, type ToolSession, textOf, toolSession } from "./session.ts"

let session: ToolSession | undefined
afterEach(() => {
  session?.close()
  session = undefined
})

/** `SKEIN_SOAK=1` asks for all of them. */
const ROUNDS = process.env.SKEIN_SOAK === undefined ? 100 : 1_000

describe("two agents and an editor on one file", () => {
  test("no acknowledged change is lost, however their accesses interleave", async () => {
    session = toolSession()
    let acknowledged = 0
    let refused = 0
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const round = await interleaved(seed, session)
      acknowledged += round.acknowledged.length
      refused += round.refused
      const lines = round.text.split("\n").filter((line) => line !== "start" && line !== "end" && line !== "")
      expect([seed, lines.toSorted()]).toEqual([seed, round.acknowledged.toSorted()])
    }
    // Both happen, often: else the test would say nothing.
    expect([acknowledged === ROUNDS * 3 * JOBS, refused > ROUNDS / 2]).toEqual([true, true])
  }, 120_000)
})

interface Round {
  readonly text: string
  /** Lines whose writing was answered with success. */
  readonly acknowledged: readonly string[]
  readonly refused: number
}

const JOBS = 2

/** Everyone adds lines of their own to one file; whose turn at the file it is, chance decides before every access. */
async function interleaved(seed: number, { root, put, text }: ToolSession): Promise<Round> {
  const path = put("shared.txt", "start\nend\n")
  const schedule = scheduler(seed)
  const acknowledged: string[] = []
  let refused = 0
  const agent = async (name: string, turn: () => Promise<void>) => {
    const { call } = agentAt(root, gated(localFiles(), turn))
    for (let job = 0; job < JOBS; job++) {
      const line = `${name}${job}`
      for (let isDone = false; !isDone; ) {
        const shown = linesOf(await call("read", { path }))
        const input =
          schedule.chance() < 0.5
            ? { name: "edit", input: { path, oldText: "end\n", newText: `${line}\nend\n` } }
            : { name: "write", input: { path, content: `${shown.slice(0, -1).join("\n")}\n${line}\nend\n` } }
        try {
          await call(input.name, input.input)
          acknowledged.push(line)
          isDone = true
        } catch (error) {
          if (!(error instanceof ToolFailure)) throw error
          refused += 1
        }
      }
    }
  }
  const editor = async (turn: () => Promise<void>) => {
    for (let job = 0; job < JOBS; job++) {
      await turn()
      // A formatter, or a person who saves: it asks nobody.
      put("shared.txt", text("shared.txt").replace(/end\n$/, `editor${job}\nend\n`))
      acknowledged.push(`editor${job}`)
    }
  }
  await schedule.run([(turn) => agent("a", turn), (turn) => agent("b", turn), editor])
  return { text: text("shared.txt"), acknowledged, refused }
}

/** A session of its own on the same folder: what it has seen is what it alone has seen. */
function agentAt(root: string, files: FilesPort) {
  const observed = new Map<string, string>()
  const port: ToolsPort = tools({
    files,
    exec: undefined as never,
    shell: undefined as never,
    ripgrep: async () => "rg",
  })
  const context = {
    sessionId: "ses_a",
    callId: "cal_a",
    cwd: root,
    roots: [root],
    sandbox: "workspace-write",
    observed: (path: string) => observed.get(path),
    signal: new AbortController().signal,
    askClient: () => Promise.reject(new Error("Nobody is asked")),
    sessions: noSessions,
    progress: () => {},
  } as const
  return {
    async call(name: string, input: unknown): Promise<ToolResult> {
      const result = await port.run(await port.plan(name, input, context), context)
      for (const seen of result.observed ?? []) observed.set(seen.path, seen.sha256)
      return result
    },
  }
}

function linesOf(result: ToolResult): readonly string[] {
  return textOf(result)
    .split("\n")
    .map((line) => line.replace(/^ *\d+\t/, ""))
}

/** Waits for its turn before every access to a file. */
function gated(files: FilesPort, turn: () => Promise<void>): FilesPort {
  return {
    ...files,
    stat: (path) => turn().then(() => files.stat(path)),
    read: (path, options) => turn().then(() => files.read(path, options)),
    readPart: (path, options) => turn().then(() => files.readPart(path, options)),
    replace: (path, bytes, expected) => turn().then(() => files.replace(path, bytes, expected)),
  }
}

/** Lets one of several go on at a time, when all of them wait or are over; which one, the seed says. */
function scheduler(seed: number) {
  let state = seed
  const chance = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return {
    chance,
    async run(actors: readonly ((turn: () => Promise<void>) => Promise<void>)[]): Promise<void> {
      const waiting: (() => void)[] = []
      let active = actors.length
      const next = () => {
        if (active > 0 || waiting.length === 0) return
        active += 1
        const [go] = waiting.splice(Math.floor(chance() * waiting.length), 1)
        go?.()
      }
      const turn = () =>
        new Promise<void>((go) => {
          waiting.push(go)
          active -= 1
          next()
        })
      const over = () => {
        active -= 1
        next()
      }
      await Promise.all(actors.map((actor) => actor(turn).finally(over)))
    },
  }
}

test("the same time and size with other bytes is seen, and what changed is shown", async () => {
  session = toolSession()
  const path = session.put("a.txt", "alpha\nbeta\n")
  const { atime, mtime } = statSync(path)
  await session.call("read", { path: "a.txt" })
  session.put("a.txt", "alpha\nBETA\n")
  utimesSync(path, atime, mtime)
  expect([statSync(path).mtimeMs, statSync(path).size]).toEqual([mtime.getTime(), 11])
  for (const [name, input] of [
    ["edit", { path: "a.txt", oldText: "alpha", newText: "gamma" }],
    ["write", { path: "a.txt", content: "new\n" }],
    ["multiedit", { path: "a.txt", edits: [{ oldText: "alpha", newText: "gamma" }] }],
  ] as const) {
    const said = await session.say(name, input)
    expect([name, said]).toEqual([name, expect.stringContaining("-beta\n+BETA")])
  }
  expect(session.text("a.txt")).toBe("alpha\nBETA\n")
})
