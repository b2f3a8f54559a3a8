import type { Event, EventType } from "@skein/protocol"
import { type Asked, append, modelServer } from "./model.ts"
import { Scene } from "./scene.ts"
import { anthropic as wire } from "./wire-anthropic.ts"

export interface State {
  readonly name: string
  /** The event after which it is in that state. */
  readonly when: EventType
  readonly answer: (asked: Asked) => Promise<void> | void
  /** What must be there first, beside the event. */
  readonly file?: string
}

const SLEEP = { name: "bash", args: { command: "trap '' INT TERM; touch began; sleep 100 & sleep 101 & wait" } }

/** Every state of a turn in which a person may want to stop it. */
export const STATES: readonly State[] = [
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

/** Runs a turn into a state and sends signals there. */
export async function interrupted(state: State, signals: readonly NodeJS.Signals[]) {
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
