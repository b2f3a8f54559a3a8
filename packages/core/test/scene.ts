import type { DurableEvent, Op, SessionId, Settings } from "@skein/protocol"
import {
  memoryLogs,
  openSession,
  submit,
  submitText,
  type TestSession,
  type TestTool,
  testEngine,
  testTools,
} from "@skein/testkit"
import type { RunningEngine } from "../src/index.ts"
import type { ClockPort, Effect, LogsPort, ModelPort, SimpleCommand } from "../src/ports/index.ts"

export interface Scene {
  readonly engine: RunningEngine
  readonly session: TestSession
  readonly id: SessionId
  /** Submits an op about the session, and fails the test when it is refused. */
  op(op: DistributiveOmit<Op, "sessionId">): ReturnType<typeof submit>
  say(text: string, delivery?: "start" | "steer" | "queue"): ReturnType<typeof submit>
  /** Offers to answer approvals. */
  attach(): Promise<unknown>
}

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never

/** A session that is listened to. */
export async function scene(
  model: ModelPort,
  ports: Parameters<typeof testEngine>[1] = {},
  settings: Partial<Settings> = {},
): Promise<Scene> {
  const engine = testEngine(model, ports)
  const session = await openSession(engine, settings)
  const { id } = session
  return {
    ...{ engine, session, id },
    // The session's id is what was left out.
    op: (op) => submit(engine, { ...op, sessionId: id } as Op),
    say: (text, delivery) => submitText(engine, id, text, delivery),
    attach: () => submit(engine, { type: "client.attach", sessionId: id, clientId: "cli_a", answers: ["approval"] }),
  }
}

/** A tool that nobody may run unasked, unless told otherwise. */
export const ASKED: Pick<TestTool, "effects"> = {
  effects: [{ kind: "execute", command: "make", isConfined: false }],
}

/** A command in the sandbox that was wholly read: of the workspace's own, unless told otherwise. */
export function understood(command: string, over: Partial<SimpleCommand> = {}): Extract<Effect, { kind: "execute" }> {
  const none = { writes: [], reads: [], hosts: [], assigns: [], powerful: [] }
  const simple = { argv: command.split(" "), text: command, risks: ["execute"], reason: "", cwd: "/repo" } as const
  const reading = { commands: [{ ...simple, ...none, ...over }] }
  return { kind: "execute", command, isConfined: true, reading, roots: ["/repo"] }
}

/** `shell` is asked about, `read` and `write` are not; each says what it did. */
export const threeTools = testTools({
  shell: { ...ASKED, run: ({ n }) => `ran ${n}` },
  read: { isConcurrent: true, effects: [{ kind: "read", paths: ["/repo/a"], isInside: true }], run: () => "read" },
  write: { effects: [{ kind: "write", paths: ["/repo/a"], isInside: true }], run: () => "written" },
})

/** Time as it is, for promises that are made in milliseconds. */
export const realClock: ClockPort = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = setTimeout(resolve, ms)
      signal?.addEventListener("abort", () => {
        clearTimeout(timer)
        reject(signal.reason)
      })
    }),
}

/** Never ends, and stops at the signal like a tool that keeps its promise. */
export function untilStopped(signal: AbortSignal, begun?: () => void): Promise<never> {
  begun?.()
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
}

/** Never ends. */
export const forever = new Promise<never>(() => undefined)

/** Logs that hold back the acknowledgement of the first event of a type until `release`. */
export function heldAt(type: DurableEvent["type"]) {
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const inner = memoryLogs()
  const logs: LogsPort = {
    ...inner,
    async create(sessionId) {
      const log = await inner.create(sessionId)
      return {
        ...log,
        async append(events, options) {
          await log.append(events, options)
          if (!events.some((event) => event.type === type)) return
          reached.resolve()
          await released.promise
        },
      }
    },
  }
  return { logs, reached: reached.promise, release: () => released.resolve() }
}
