import {
  type AgentRow,
  type AgentTable,
  type RunContext,
  type Spawned,
  ToolFailure,
  type Worktree,
  type WorktreesPort,
} from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import type { Assignment } from "./schedule/settled.ts"

export interface Placing {
  readonly isBackground?: boolean | undefined
  /** Undefined: as the agent's own description says. */
  readonly isIsolated?: boolean | undefined
}

/** What a call hands work on with. */
export interface Delegation {
  begin(assignment: Assignment, placing: Placing): Promise<Begun>
}

export interface Begun {
  readonly spawned: Spawned
  /** The agent that `auto` stood for, too. */
  readonly agent: string
  readonly worktree?: Worktree | undefined
}

/** Throws ToolFailure where nothing can be handed on. */
export async function delegation(world: ToolWorld, context: RunContext): Promise<Delegation> {
  const { agents: children, cwd, signal } = context
  const table = tableIn(world)
  if (children === undefined) throw new ToolFailure("No agent can be begun from here. Do the work yourself.")
  const { settings } = await context.sessions.read(context.sessionId)
  return {
    async begin(assignment, { isBackground, isIsolated }) {
      const { description } = assignment
      const row = await rowFor(world, cwd, assignment)
      const isApart = isIsolated ?? row.isIsolated ?? false
      const worktree = isApart
        ? await worktreesIn(world).open({ cwd, agent: row.name, description, signal, sessionId: context.sessionId })
        : undefined
      const prompt = worktree === undefined ? assignment.prompt : `${assignment.prompt}\n\n${placeText(worktree, cwd)}`
      try {
        const agent = await table.chosen(row, settings.model)
        const spawned = await children.spawn({ agent, description, prompt, cwd: worktree?.cwd, isBackground })
        world.board?.join(spawned.sessionId, context.sessionId)
        return { spawned, agent: row.name, worktree }
      } catch (error) {
        if (worktree !== undefined) await world.worktrees?.remove(worktree, context.sessionId)
        throw error
      }
    },
  }
}

/** Paths of its parent would lead it out of its own folder. */
function placeText({ cwd }: Worktree, parentCwd: string): string {
  return `You work in ${cwd}, a copy of ${parentCwd} of your own: use paths below it, where the task names others. Your changes are merged later; do not commit.`
}

function tableIn({ agents }: ToolWorld) {
  if (agents === undefined) throw new ToolFailure("There are no agents here. Do the work yourself.")
  return agents
}

export function worktreesIn({ worktrees }: ToolWorld): WorktreesPort {
  if (worktrees === undefined) throw new ToolFailure("Worktrees cannot be made here. Work without isolation.")
  return worktrees
}

/** The agent of this name. Throws ToolFailure that tells who there is. */
export async function rowFor(
  world: ToolWorld,
  cwd: string,
  { agent, prompt }: Pick<Assignment, "agent" | "prompt">,
): Promise<AgentRow> {
  const port = tableIn(world)
  const table = await port.read(cwd)
  const name = await port.nameFor(agent, prompt)
  const row = table.agents.find((one) => one.name === name)
  if (row !== undefined) return row
  throw new ToolFailure(`There is no agent "${name}". There are:\n${tableText(table)}`)
}

export function tableText({ agents }: AgentTable): string {
  const auto = "auto: one of these, by the words of the task"
  return [...agents.map(({ name, summary }) => `${name}: ${summary}`), auto].join("\n")
}
