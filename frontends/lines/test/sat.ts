import type { CommandReply, Query, QueryAnswer, SessionId } from "@skein/protocol"
import { openSession, type ScriptedModel, testEngine, testTools } from "@skein/testkit"
import { runLines } from "../src/index.ts"

const tools = testTools({
  write: { effects: [{ kind: "write", paths: ["/etc/hosts"], isInside: false }], run: () => "written" },
})

/** A person at a line: what they see, and hands that type. */
export async function sat(
  model: ScriptedModel,
  ports: Parameters<typeof testEngine>[1] = {},
  wrapped: (engine: RunningEngine) => RunningEngine = (engine) => engine,
  isNew = false,
) {
  const engine = wrapped(testEngine(model, { tools, ...ports }))
  const session = await openSession(engine)
  let screen = ""
  let looking: { text: string; seen: () => void }[] = []
  const typed: string[] = []
  let wake = () => {}
  let isOver = false
  let clock = 0
  let signal: (name: "SIGINT" | "SIGTERM") => void = () => {}
  async function* input() {
    for (;;) {
      const line = typed.shift()
      if (line !== undefined) yield line
      else if (isOver) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const done = runLines({
    engine,
    sessionId: session.id,
    clientId: "cli_1",
    input: input(),
    isEchoing: true,
    write(text) {
      screen += text
      for (const look of looking) if (screen.includes(look.text)) look.seen()
      looking = looking.filter((look) => !screen.includes(look.text))
    },
    onSignal(handler) {
      signal = handler
      return () => {}
    },
    now: () => clock,
    columns: async () => 80,
    isNew,
  })
  /** What comes on the screen, up to some text, from here. */
  const until = async (text: string) => {
    if (!screen.includes(text)) await new Promise<void>((seen) => looking.push({ text, seen }))
    const end = screen.indexOf(text) + text.length
    const part = screen.slice(0, end)
    screen = screen.slice(end)
    // A person reads before typing.
    clock += 500
    return part
  }
  return {
    engine,
    sessionId: session.id as SessionId,
    until,
    type(line: string) {
      typed.push(line)
      wake()
    },
    leave() {
      isOver = true
      wake()
      return done
    },
    done,
    interrupt: (name: "SIGINT" | "SIGTERM" = "SIGINT") => signal(name),
    pass: (ms: number) => {
      clock += ms
    },
    rest: () => screen,
  }
}

export type RunningEngine = ReturnType<typeof testEngine>

/** Commands that reply as a test says, and the ops that were submitted since the start. */
export function withReplies(replies: Readonly<Record<string, CommandReply>>) {
  const ops: string[] = []
  const engine = (inner: RunningEngine): RunningEngine => ({
    ...inner,
    async submit(op) {
      if (op.type === "turn.interrupt") ops.push(op.type)
      return inner.submit(op)
    },
    async ask<Q extends Query>(query: Q): Promise<QueryAnswer<Q>> {
      const reply = query.type === "command.resolve" ? replies[query.name] : undefined
      return reply === undefined ? inner.ask(query) : (reply as QueryAnswer<Q>)
    },
  })
  return { engine, ops }
}
