import {
  type CommandReply,
  NO_USAGE,
  type Query,
  type QueryAnswer,
  type SessionTree,
  type SessionView,
  type TreeTurn,
} from "@skein/protocol"
import type { CommandWorld } from "../src/commands/command.ts"
import { resolveCommand } from "../src/commands/resolve.ts"

export type Answers = { readonly [Q in Query as Q["type"]]?: QueryAnswer<Q> | (() => never) }

export const VIEW: SessionView = {
  sessionId: "ses_1",
  cwd: "/repo",
  createdAt: 0,
  seq: 9,
  settings: { model: "test/one", mode: "ask", sandbox: "workspace-write", extraRoots: [], limits: {} },
  items: [],
  approvals: [],
  queue: [],
  usage: { ...NO_USAGE, input: 1_200, output: 34 },
}

/** A world that answers what a test says, and remembers what it was asked. */
export function worldOf(answers: Answers = {}, more: Partial<CommandWorld> = {}) {
  const asked: Query[] = []
  const all: Answers = { "session.read": VIEW, ...answers }
  const world: CommandWorld = {
    sessionId: "ses_1",
    now: 10 * 3_600_000,
    // What breaks no cache is answered with nothing.
    async ask<Q extends Query>(query: Q): Promise<QueryAnswer<Q>> {
      asked.push(query)
      const answer: unknown = all[query.type]
      if (answer === undefined && query.type !== "cache.forecast") throw new Error(`Nobody thought of ${query.type}`)
      return (typeof answer === "function" ? answer() : answer) as QueryAnswer<Q>
    },
    facts: () => world.ask({ type: "session.read", sessionId: "ses_1" }),
    origins: { settings: () => [], keys: () => new Map() },
    shortened: async () => [],
    folder: "/repo",
    ...more,
  }
  return { world, asked }
}

/** What a line asks for. */
export function typed(line: string, answers: Answers = {}, more: Partial<CommandWorld> = {}): Promise<CommandReply> {
  const [name = "", ...rest] = line.split(" ")
  return resolveCommand({ name, args: rest.join(" ") }, worldOf(answers, more).world)
}

const turn = (number: number, more: Partial<TreeTurn> = {}): TreeTurn => ({
  turnId: `trn_${number}`,
  ...(number > 1 ? { parentTurnId: `trn_${number - 1}` } : {}),
  beforeSeq: number * 10,
  endSeq: number * 10 + 9,
  at: 0,
  preview: `prompt ${number}`,
  isCurrent: true,
  filesChanged: number - 1,
  ...more,
})

export const TREE: SessionTree = {
  turns: [
    turn(1),
    turn(2, { label: "good" }),
    turn(3, { isCurrent: false }),
    turn(4, { parentTurnId: "trn_2", filesChanged: 0 }),
  ],
  current: "trn_4",
}
