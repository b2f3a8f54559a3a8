import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import type { Wire } from "./ground/wire.ts"
import { WIRES } from "./ground/wires.ts"

/** The field in which each wire has its conversation, and in each message its content. */
const CONVERSATIONS = ["messages", "input", "contents"]
const CONTENTS = ["content", "parts"]

interface Sent {
  /** Everything beside the conversation, as it was sent. */
  readonly head: string
  /** The conversation, a line for each of its pieces. */
  readonly pieces: string
}

/** What a provider hashes. Where a mark sits is not part of what is kept before it. */
function sent(text: string): Sent {
  const body: Record<string, unknown> = JSON.parse(text, (key, value) => (key === "cache_control" ? undefined : value))
  const field = CONVERSATIONS.find((name) => Array.isArray(body[name])) ?? ""
  const { [field]: conversation, ...head } = body
  const pieces = (conversation as readonly Record<string, unknown>[]).flatMap((message) => {
    const content = CONTENTS.find((name) => Array.isArray(message[name])) ?? ""
    const { [content]: parts, ...rest } = message
    const around = JSON.stringify(rest)
    return Array.isArray(parts) ? parts.map((part) => `${around} ${JSON.stringify(part)}`) : [around]
  })
  return { head: JSON.stringify(head), pieces: `${pieces.join("\n")}\n` }
}

/** The farthest apart that two places' days can be: midnight lies between any two moments of them. */
const WEST = { TZ: "Etc/GMT+12" }
const EAST = { TZ: "Pacific/Kiritimati" }

/** What a person does to one session, run by run; each is a process of its own, so each but the first resumes. */
const RUNS: readonly (readonly [args: readonly string[], env: Readonly<Record<string, string>>])[] = [
  [["-p", "one"], WEST],
  [["-p", "two", "--continue"], WEST],
  [["-p", "three", "--continue"], EAST],
  [["-p", "four", "--continue", "--mode", "plan"], EAST],
  [["-p", "five", "--continue", "--mode", "full"], WEST],
  [["-p", "six", "--continue", "--sandbox", "read-only"], WEST],
  [["-p", "/goal ship it", "--continue"], WEST],
  [["-p", "seven", "--continue", "--mode", "auto", "--sandbox", "workspace-write"], EAST],
  [["-p", "/dry-run on", "--continue"], EAST],
  [["-p", "eight", "--continue"], EAST],
]

async function requestsOf(wire: Wire): Promise<readonly Sent[]> {
  const server = modelServer(wire, ({ conversation, say }) => {
    const isCall = conversation.results.length < conversation.said.length
    return say(isCall ? { calls: [{ name: "list", args: { path: "." } }] } : { text: "done" })
  })
  const scene = new Scene(wire.env(server.url))
  try {
    for (const [args, env] of RUNS) {
      const { code, err } = await scene.run([...args, "-m", wire.model], { env })
      expect({ args, code, err: code === 0 ? "" : err }).toEqual({ args, code: 0, err: "" })
    }
    expect(server.complaints).toEqual([])
    return server.requests.map(({ text }) => sent(text))
  } finally {
    server.stop()
    scene.remove()
  }
}

describeBinary("what a provider has cached stays as it was sent", () => {
  for (const wire of WIRES) {
    test(`${wire.name}: over turns, resumes, modes, sandboxes, a goal, a dry run and midnight`, async () => {
      const requests = await requestsOf(wire)

      expect(requests.length).toBeGreaterThan(8)
      for (const [at, { head, pieces }] of requests.entries()) {
        const before = requests[at - 1]
        if (before === undefined) continue
        expect(head).toBe(before.head)
        expect(pieces.slice(0, before.pieces.length)).toBe(before.pieces)
      }
    }, 120_000)
  }
})
