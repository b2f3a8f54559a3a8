import { describe, expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { type Asked, append, modelServer } from "./ground/model.ts"
import { type Ran, Scene } from "./ground/scene.ts"
import { bytesOf, type Frame, type Reply, streamOf, type Wire } from "./ground/wire.ts"
import { ALL_WIRES } from "./ground/wires.ts"

const HANG_MS = 60_000

interface Fault {
  /** What is true of skein when this happens. */
  readonly name: string
  /** Answers the request for the tool call, by its attempt; whole replies are given by `reply`. */
  readonly answer: (asked: Asked, attempt: number, wire: Wire) => Promise<void> | void
  readonly args?: readonly string[]
  /** When it cannot recover: the exit code, what stderr says, and how often it was asked. */
  readonly fails?: { readonly code: number; readonly says: RegExp; readonly requests: number }
  readonly waitsMs?: number
  /** Of server-sent events: a wire with a stream of its own has no such thing. */
  readonly isOfEvents?: boolean
}

const TRICKY = `é "q" \\ 🧵\u{1f600}`
const CALLS: Reply = { text: "First. ", calls: [append("one")] }
const PAIR: Reply = { calls: [append("one", ` && printf '%s' '${TRICKY}' > tricky.txt`), append("two")] }

/** Ways of sending a whole reply that must change nothing. */
const WHOLE: readonly Fault[] = [
  {
    name: "CRLF ends lines as LF does",
    isOfEvents: true,
    answer: (asked, _, wire) => stream(asked, frames(wire, CALLS), { newline: "\r\n" }),
  },
  {
    name: "a lone CR ends lines too",
    isOfEvents: true,
    answer: (asked, _, wire) => stream(asked, frames(wire, CALLS), { newline: "\r" }),
  },
  {
    name: "comments, blank lines and a BOM are passed over",
    isOfEvents: true,
    answer: (asked, _, wire) =>
      stream(asked, frames(wire, CALLS), { before: "\uFEFF: keep-alive\n\n", between: ":\n\n\n" }),
  },
  {
    name: "one event may have many data lines",
    isOfEvents: true,
    answer: (asked, _, wire) =>
      stream(
        asked,
        frames(wire, CALLS).map(({ event, data }) => ({
          ...(event === undefined ? {} : { event }),
          data: spread(data),
        })),
      ),
  },
  { name: "usage may be missing", answer: (asked) => asked.say({ ...CALLS, lacksUsage: true }) },
  {
    name: "bytes may come one by one",
    async answer(asked) {
      await asked.answer.head(200)
      for (const byte of asked.bytes(PAIR)) await asked.answer.piece(Uint8Array.of(byte))
      await asked.answer.end()
    },
  },
  {
    name: "arguments may come apart inside an escape, a character and a surrogate pair",
    answer: (asked) => asked.say({ ...PAIR, split: (text) => escaped(text).match(/[\s\S]/g) ?? [] }),
  },
  {
    name: "parallel calls may come interleaved",
    answer: (asked) => asked.say({ ...PAIR, isInterleaved: true, split: (text) => text.match(/[\s\S]{1,3}/gu) ?? [] }),
  },
]

/** What goes wrong first and then does not. */
const PASSING: readonly Fault[] = [
  {
    name: "an overloaded provider is asked again",
    answer: once((asked, wire) => asked.refuse(529, wire.error("overloaded_error", "Overloaded"))),
  },
  {
    name: "a failing provider is asked again",
    answer: once((asked, wire) => asked.refuse(500, wire.error("api_error", "Boom"))),
  },
  {
    name: "a bad gateway's page is no answer",
    answer: once((asked) => asked.refuse(502, "<html>Bad gateway</html>", { "content-type": "text/html" })),
  },
  {
    name: "a rate limit is waited out, by seconds",
    answer: once((asked, wire) => asked.refuse(429, wire.error("rate_limit_error", "Slow"), { "retry-after": "1" })),
    waitsMs: 1_000,
  },
  {
    name: "a rate limit is waited out, by date",
    // A date has whole seconds, so up to one of the two is lost.
    answer: once((asked, wire) =>
      asked.refuse(429, wire.error("rate_limit_error", "Slow"), {
        "retry-after": new Date(Date.now() + 2_000).toUTCString(),
      }),
    ),
    waitsMs: 900,
  },
  {
    name: "an error inside a stream that began well discards the attempt",
    answer: once((asked, wire) =>
      whole(
        asked,
        bytesOf(wire, [...frames(wire, CALLS).slice(0, -2), wire.errorFrame("overloaded_error", "Overloaded")]),
      ),
    ),
  },
  {
    name: "a reset in the middle of a call discards it",
    answer: once(async ({ answer, bytes }) => {
      await answer.head(200)
      const all = bytes(CALLS)
      await answer.piece(all.subarray(0, all.indexOf("ran.txt")))
      answer.reset()
    }),
  },
  {
    name: "silence in the middle of a reply ends after the idle time",
    args: ["-c", "network.idle_timeout_ms=1000"],
    answer: once(async ({ answer, bytes }) => {
      await answer.head(200)
      await answer.piece(bytes(CALLS).subarray(0, 200))
      await answer.gone
    }),
  },
  {
    name: "silence before the reply ends after its time",
    args: ["-c", "network.timeout_ms=1000"],
    answer: once(({ answer }) => answer.gone),
  },
  {
    name: "a connection closed without a word is asked again",
    answer: once(({ answer }) => answer.reset()),
  },
  {
    name: "bytes that are no HTTP are asked again",
    answer: once(async ({ answer }) => {
      await answer.raw(Uint8Array.of(0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46))
      answer.close()
    }),
  },
]

/** What does not pass. */
const FINAL: readonly Fault[] = [
  {
    name: "a refused key is told once",
    answer: (asked, _, wire) => asked.refuse(401, wire.error("authentication_error", "invalid key")),
    fails: {
      code: 78,
      says: /did not accept the key .*(Check [A-Z_]+(KEY|BEDROCK)|Set providers\.ollama\.key_env )/,
      requests: 1,
    },
  },
  {
    name: "a refused request is told once",
    answer: (asked, _, wire) => asked.refuse(400, wire.error("invalid_request_error", "no such field")),
    fails: { code: 1, says: /refused the request \(HTTP 400: no such field\)/, requests: 1 },
  },
  {
    name: "a page in place of a stream names the address",
    answer: (asked) => asked.refuse(200, "<html><body>Please log in</body></html>", { "content-type": "text/html" }),
    fails: {
      code: 1,
      says: /no event stream but text\/html, starting with: Please log in. Check the base URL/,
      requests: 3,
    },
  },
  {
    name: "a used-up quota is told once",
    answer: (asked, _, wire) => asked.refuse(429, wire.error("insufficient_quota", "You exceeded your current quota")),
    fails: { code: 76, says: /quota is used up/, requests: 1 },
  },
  {
    name: "a wait longer than a minute is left to the person",
    answer: (asked, _, wire) => asked.refuse(429, wire.error("rate_limit_error", "Slow"), { "retry-after": "3600" }),
    fails: { code: 75, says: /limits the rate of requests/, requests: 1 },
  },
  {
    name: "a provider that stays overloaded is given up after its retries",
    args: ["-c", "network.retries=2"],
    answer: (asked, _, wire) => asked.refuse(529, wire.error("overloaded_error", "Overloaded")),
    fails: { code: 75, says: /is overloaded .*Try again later/, requests: 3 },
  },
  {
    name: "a stream that always breaks off is given up after its retries",
    args: ["-c", "network.retries=2"],
    async answer({ answer, bytes }) {
      await answer.head(200)
      await answer.piece(bytes(CALLS).subarray(0, 300))
      answer.reset()
    },
    fails: { code: 69, says: /skein: /, requests: 3 },
  },
]

describeBinary("a provider that misbehaves", () => {
  for (const wire of ALL_WIRES) {
    describe(wire.name, () => {
      for (const fault of [...WHOLE, ...PASSING, ...FINAL]) {
        if (fault.isOfEvents === true && wire.encode !== undefined) continue
        test.concurrent(fault.name, () => suffer(wire, fault), HANG_MS)
      }
    })
  }
})

/** Runs a turn through the fault, then goes on with the session against the same strict server. */
async function suffer(wire: Wire, fault: Fault): Promise<void> {
  let attempt = 0
  let isOver = false
  const server = modelServer(wire, (asked) => {
    const { results } = asked.conversation
    if (isOver) return asked.say({ text: "Went on." })
    return results.length === 0 ? fault.answer(asked, ++attempt, wire) : asked.say({ text: "Done." })
  })
  const scene = new Scene(wire.env(server.url))
  try {
    const args = ["-m", wire.model, "-c", "network.retry_base_ms=1", ...(fault.args ?? [])]
    const ran = await scene.run(["-p", "do it", ...args])
    check(fault, ran, scene, attempt)
    isOver = true
    const resumed = await scene.run(["resume", "--last", "go on", ...args])

    expect(server.complaints).toEqual([])
    expect({ code: resumed.code, out: resumed.out }).toEqual({ code: 0, out: "Went on.\n" })
    const last = server.conversations.at(-1)
    expect(last?.said.slice(-2).join("|")).toMatch(/do it\|go on$/)
    expect(last?.calls.length).toBe(last?.results.length ?? -1)
  } finally {
    server.stop()
    scene.remove()
  }
}

function check({ fails, waitsMs = 0 }: Fault, ran: Ran, scene: Scene, attempts: number): void {
  const calls = scene.files(scene.cwd).map((path) => path.slice(scene.cwd.length + 1))
  if (fails !== undefined) {
    expect({ code: ran.code, out: ran.out, attempts, calls }).toEqual({
      code: fails.code,
      out: "",
      attempts: fails.requests,
      calls: [],
    })
    expect(ran.err).toMatch(fails.says)
    expect(ran.err.match(/^skein: /gm)).toHaveLength(1)
    return
  }
  expect({ code: ran.code, out: ran.out, err: ran.err }).toEqual({ code: 0, out: "Done.\n", err: ran.err })
  expect(ran.ms).toBeGreaterThan(waitsMs)
  const lines = scene.read("ran.txt").trim().split("\n")
  expect(lines).toEqual(calls.includes("tricky.txt") ? ["one", "two"] : ["one"])
  if (calls.includes("tricky.txt")) expect(scene.read("tricky.txt")).toBe(TRICKY)
}

/** Suffers the first time; after that all is well. */
function once(answer: (asked: Asked, wire: Wire) => Promise<void> | void): Fault["answer"] {
  return (asked, attempt, wire) => (attempt === 1 ? answer(asked, wire) : asked.say(CALLS))
}

function frames(wire: Wire, reply: Reply): readonly Frame[] {
  return wire.frames(reply, "f")
}

async function stream(
  { answer }: Asked,
  frames: readonly Frame[],
  { newline = "\n", before = "", between = "" } = {},
): Promise<void> {
  await answer.head(200)
  if (before !== "") await answer.piece(before)
  for (const frame of frames) await answer.piece(streamOf([frame], newline) + between)
  await answer.end()
}

async function whole({ answer }: Asked, bytes: Buffer): Promise<void> {
  await answer.head(200)
  await answer.piece(bytes)
  await answer.end()
}

/** The same JSON on many lines, each with its own `data:`. */
function spread(data: string): string {
  if (!data.startsWith("{")) return data
  return JSON.stringify(JSON.parse(data), undefined, 1).replaceAll("\n", "\ndata: ")
}

/** The same JSON with every character beyond ASCII as `\uXXXX`. */
function escaped(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
}
