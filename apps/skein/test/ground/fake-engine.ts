import {
  type Engine,
  type Event,
  NO_USAGE,
  type Op,
  type Query,
  type QueryAnswer,
  type Receipt,
  type SessionSummary,
} from "@skein/protocol"
import { type Flag, parseFlags } from "../../src/flags.ts"
import type { Io } from "../../src/io.ts"
import type { VerbCall } from "../../src/verb.ts"

type Answers = {
  readonly [T in Query["type"]]?: (query: Extract<Query, { type: T }>) => QueryAnswer<Extract<Query, { type: T }>>
}

export interface FakeEngine extends Engine {
  /** What was asked for, in order. */
  readonly ops: Op[]
}

/** An engine that answers as it is told; what it was not told of throws. Every op is taken, unless `receipt` says else. */
export function fakeEngine(
  answers: Answers,
  { receipt, events = [] }: { receipt?: (op: Op) => Receipt; events?: readonly Event[] } = {},
): FakeEngine {
  const ops: Op[] = []
  return {
    ops,
    async submit(op) {
      ops.push(op)
      const sessionId = "newSessionId" in op && op.newSessionId !== undefined ? op.newSessionId : "ses_new"
      return receipt?.(op) ?? { status: "accepted", sessionId, seq: 1 }
    },
    async ask<Q extends Query>(query: Q): Promise<QueryAnswer<Q>> {
      const known: Answers = {
        "session.read": ({ sessionId }) => ({ ...VIEW, sessionId, seq: newest(events) }),
        ...answers,
      }
      const answer = known[query.type] as ((query: Q) => QueryAnswer<Q>) | undefined
      if (answer === undefined) throw new Error(`Nobody said what to answer to ${query.type}`)
      return answer(query)
    },
    async *events() {
      yield* events
    },
  }
}

const VIEW = {
  cwd: "/repo",
  createdAt: 0,
  settings: { model: "test/model", mode: "ask", sandbox: "workspace-write", extraRoots: [], limits: {} },
  items: [],
  approvals: [],
  queue: [],
  usage: NO_USAGE,
} as const

function newest(events: readonly Event[]): number {
  return events.reduce((seq, event) => ("seq" in event ? Math.max(seq, event.seq) : seq), 0)
}

export function summary(facts: Partial<SessionSummary>): SessionSummary {
  return {
    sessionId: "ses_1",
    cwd: "/repo",
    createdAt: 0,
    updatedAt: 0,
    preview: "",
    isInteractive: true,
    isArchived: false,
    ...facts,
  }
}

export interface Said {
  readonly call: VerbCall
  readonly out: string[]
  readonly err: string[]
}

/** A verb's call as the command line makes it, and what comes of it. `typed` is a terminal with a person at it. */
export function called(
  argv: readonly string[],
  flags: readonly Flag[],
  {
    typed,
    now = 0,
    columns = 80,
    env = {},
  }: { typed?: readonly string[]; now?: number; columns?: number; env?: Io["env"] } = {},
): Said {
  const out: string[] = []
  const err: string[] = []
  const io: Io = {
    env,
    cwd: "/repo",
    out: (line) => void out.push(line),
    text: (text) => void out.push(text),
    err: (line) => void err.push(line),
    isInputTerminal: typed !== undefined,
    isOutputTerminal: typed !== undefined,
    readInput: async () => undefined,
    async *inputLines() {
      yield* typed ?? []
    },
    onSignal: () => () => undefined,
    now: () => now,
    columns: async () => columns,
    openTerminal: () => Promise.reject(new Error("There is no terminal.")),
  }
  return { call: { ...parseFlags(argv, flags), io, argv, table: { verbs: [], coming: [] } }, out, err }
}
