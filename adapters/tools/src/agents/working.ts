import type { RunContext, ToolResult, Worktree } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import { type Begun, type Delegation, delegation, type Placing, worktreesIn } from "./delegation.ts"
import type { Told } from "./report.ts"
import type { Schedule } from "./schedule/parallel.ts"
import type { Assignment, Settled } from "./schedule/settled.ts"

export interface Work extends Placing {
  /** What a worktree holds is merged when it goes without a conflict. */
  readonly isMerging?: boolean | undefined
}

/** A schedule for this call, and what becomes of its worktrees when all have ended. */
export interface Working {
  readonly schedule: Omit<Schedule, "isFailFast">
  /** With what is to be said of each one's worktree. */
  told(settled: readonly Settled[]): Promise<readonly Told[]>
}

export async function working(world: ToolWorld, context: RunContext, work: Work): Promise<Working> {
  const delegating = await delegation(world, context)
  const begun = new Map<string, Begun>()
  return {
    schedule: {
      signal: context.signal,
      begin: (assignment) => began(delegating, assignment, work, begun),
      onChange: (now) => context.progress(0, progressText(now)),
    },
    async told(settled) {
      const all: Told[] = []
      // One after the other: each merge begins with what the one before it left.
      for (const one of settled) all.push(await tellOf(one, begun, world, context, work))
      return all
    },
  }
}

async function began(delegating: Delegation, assignment: Assignment, work: Work, begun: Map<string, Begun>) {
  const one = await delegating.begin(assignment, work)
  begun.set(one.spawned.sessionId, one)
  return one.spawned
}

function progressText(now: readonly (Settled | undefined)[]): string {
  return now
    .map((one, at) => `${at + 1}. ${one === undefined ? "running" : `${one.assignment.description}: ${one.status}`}`)
    .join("\n")
}

async function tellOf(
  one: Settled,
  begun: ReadonlyMap<string, Begun>,
  world: ToolWorld,
  context: RunContext,
  { isMerging = false }: Work,
): Promise<Told> {
  const found = one.result === undefined ? undefined : begun.get(one.result.sessionId)
  if (found === undefined) return one
  const assignment = { ...one.assignment, agent: found.agent }
  if (found.worktree === undefined) return { ...one, assignment }
  const isWanted = isMerging && one.status === "completed"
  return { ...one, assignment, note: await worktreeNote(found.worktree, world, context, isWanted) }
}

/** Says what is in a worktree and what became of it. One in which nothing changed is taken away. */
async function worktreeNote(
  worktree: Worktree,
  world: ToolWorld,
  context: RunContext,
  isMerging: boolean,
): Promise<string> {
  const port = worktreesIn(world)
  const { files } = await port.difference(worktree)
  if (files.length === 0) {
    await port.remove(worktree, context.sessionId)
    return "It changed no file."
  }
  const changes = files.map(
    ({ path, kind, added = 0, removed = 0 }) => `${SIGNS[kind]} ${path} (+${added} −${removed})`,
  )
  const shown = changes.slice(0, FILES_MAX).join("\n")
  const more = changes.length > FILES_MAX ? `\n… and ${changes.length - FILES_MAX} more files` : ""
  const head = `Changed in its worktree ${worktree.id} (branch ${worktree.branch}):\n${shown}${more}`
  const how = `Not merged: see it with worktree {"action": "diff", "id": "${worktree.id}"}, then "merge" or "remove" it.`
  if (!isMerging || context.call === undefined) return `${head}\n${how}`
  const { outcome, forModel } = await context.call("worktree", { action: "merge", id: worktree.id })
  const said = forModel.map((block) => (block.type === "text" ? block.text : "")).join("\n")
  return outcome === "success" ? `${head}\n${said}` : `${head}\n${said}\n${how}`
}

const FILES_MAX = 40
const SIGNS = { add: "A", update: "M", delete: "D" } as const

/** What is said of one that goes on when the call is over. */
export function inBackground(begun: Begun): ToolResult {
  const { spawned, agent, worktree } = begun
  const apart = worktree === undefined ? "" : ` It works in the worktree ${worktree.id}.`
  const text = `${agent} works in the background, as session ${spawned.sessionId}.${apart} You are told when it has ended; agent {"action": "wait", "id": "${spawned.sessionId}"} waits for it.`
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "text", body: text, summary: "in the background" },
    provenance: { source: "agents", isTrusted: true },
  }
}
