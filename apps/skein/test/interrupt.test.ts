import { expect, test } from "bun:test"
import type { Event, EventType } from "@skein/protocol"
import { describeBinary } from "./ground/binary.ts"
import { type Asked, append, modelServer } from "./ground/model.ts"
import { processesLeft } from "./ground/processes.ts"
import { Scene } from "./ground/scene.ts"
import { anthropic as wire } from "./ground/wire-anthropic.ts"

const HANG_MS = 60_000
/** The promise is 200 ms, on a machine that does nothing else. */
const GUARD_MS = 2_000

interface State {
  readonly name: string
  /** The event after which it is in that state. */
  readonly when: EventType
  readonly answer: (asked: Asked) => Promise<void> | void
  /** What must be there first, beside the event. */
  readonly file?: string
}

const SLEEP = { name: "bash", args: { command: "trap '' INT TERM; touch began; sleep 100 & sleep 101 & wait" } }

const STATES: readonly State[] = [
  { name: "waiting for the reply to begin", when: "step.started", answer: ({ answer }) => answer.gone },
  {
    name: "streaming",
    when: "item.delta",
    async answer({ answer, bytes }) {
      await answer.head(200)
      await answer.piece(bytes({ text: "A long story. ".repeat(9) }).subarray(0, 700))
      await answer.gone
    },
  },
  {
    name: "streaming a call",
    when: "item.completed",
    async answer({ answer, bytes }) {
      await answer.head(200)
      const all = bytes({ text: "Now. ", calls: [append("never")] })
      await answer.piece(all.subarray(0, all.indexOf("ran.txt")))
      await answer.gone
    },
  },
  {
    name: "waiting for the next try",
    when: "retry.scheduled",
    answer: (asked) => asked.refuse(429, wire.error("rate_limit_error", "Slow"), { "retry-after": "50" }),
  },
  { name: "running a command", when: "call.started", answer: (asked) => asked.say({ calls: [SLEEP] }), file: "began" },
  {
    name: "running one of several calls",
    when: "call.started",
    answer: (asked) => asked.say({ calls: [SLEEP, append("never"), { name: "read", args: { path: "began" } }] }),
    file: "began",
  },
]

describeBinary("an interrupt", () => {
  for (const state of STATES) {
    test(
      `while ${state.name}: the turn ends, nothing runs on, and the session goes on`,
      async () => {
        const { scene, server, code, events, sentAt } = await interrupted(state, ["SIGINT"])
        try {
          const ended = events.find((event) => event.type === "turn.ended")
          expect({ code, outcome: ended?.type === "turn.ended" ? ended.outcome : undefined }).toEqual({
            code: 130,
            outcome: { kind: "interrupted" },
          })
          expect((ended?.at ?? Number.POSITIVE_INFINITY) - sentAt).toBeLessThan(GUARD_MS)
          expect(await processesLeft(scene.root, GUARD_MS)).toEqual([])

          const resumed = await scene.run(["resume", "--last", "go on"])
          expect(server.complaints).toEqual([])
          expect({ code: resumed.code, out: resumed.out }).toEqual({ code: 0, out: "Went on.\n" })
          const last = server.conversations.at(-1)
          expect(last?.said).toEqual([expect.anything(), "wait for me", "go on"].slice(-(last?.said.length ?? 0)))
          expect(scene.files(scene.cwd).filter((path) => path.endsWith("ran.txt"))).toEqual([])
        } finally {
          server.stop()
          scene.remove()
        }
      },
      HANG_MS,
    )
  }

  test(
    "given twice ends the process at once, and the session still goes on",
    async () => {
      const running = STATES.find(({ name }) => name === "running a command")
      if (running === undefined) throw new Error("No such state")
      const { scene, server, code, endedAt, sentAt } = await interrupted(running, ["SIGINT", "SIGINT"])
      expect(code).toBe(130)
      expect(endedAt - sentAt).toBeLessThan(GUARD_MS)
      expect(await processesLeft(scene.root, GUARD_MS)).toEqual([])
      const resumed = await scene.run(["resume", "--last", "go on"])
      expect({ complaints: server.complaints, out: resumed.out }).toEqual({ complaints: [], out: "Went on.\n" })
      server.stop()
      scene.remove()
    },
    HANG_MS,
  )

  test(
    "a request to end settles the turn too, and says so by its exit code",
    async () => {
      const running = STATES.find(({ name }) => name === "running a command")
      if (running === undefined) throw new Error("No such state")
      const { scene, server, code, events, endedAt, sentAt } = await interrupted(running, ["SIGTERM"])
      expect({ code, last: events.at(-1)?.type }).toEqual({ code: 143, last: "turn.ended" })
      expect(endedAt - sentAt).toBeLessThan(GUARD_MS)
      expect(await processesLeft(scene.root, GUARD_MS)).toEqual([])
      server.stop()
      scene.remove()
    },
    HANG_MS,
  )
})

/** Runs a turn into a state and sends signals there. */
async function interrupted(state: State, signals: readonly NodeJS.Signals[]) {
  let isOver = false
  const server = modelServer(wire, (asked) => (isOver ? asked.say({ text: "Went on." }) : state.answer(asked)))
  const scene = new Scene(wire.env(server.url))
  const child = scene.start(["-p", "wait for me", "--output-format", "events"])
  const events: Event[] = []
  let sentAt = 0
  let rest = ""
  const decoder = new TextDecoder()
  for await (const bytes of child.stdout) {
    rest += decoder.decode(bytes, { stream: true })
    const lines = rest.split("\n")
    rest = lines.pop() ?? ""
    events.push(...lines.map((line) => JSON.parse(line) as Event))
    if (sentAt !== 0 || !events.some(({ type }) => type === state.when)) continue
    while (state.file !== undefined && !(await Bun.file(scene.path(state.file)).exists())) await Bun.sleep(1)
    isOver = true
    sentAt = Date.now()
    for (const signal of signals) child.kill(signal)
  }
  const code = await child.exited
  return { scene, server, code, events, sentAt, endedAt: Date.now() }
}
