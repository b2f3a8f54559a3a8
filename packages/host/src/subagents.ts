import type { AgentResult, Spawned } from "@skein/core/ports"
import { accepted, type Event, type EventOf, type SessionId } from "@skein/protocol"
import type { Host } from "./host.ts"
import type { Ended, Schedule, Scheduling, SubagentEnd, SubagentTask } from "./scheduling.ts"

export interface SubagentOptions {
  /** Absolute; the host's own when left out. */
  readonly cwd?: string | undefined
  /** The first that does not complete stops all others, and none is begun any more. */
  readonly isFailFast?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Has agents work at the same time, as children of a session that is made for them, and resolves when all have ended. What
 * nobody is there to allow is refused; the host's `fallback` says which mode they have. Rejects with SkeinError.
 */
export async function spawnParallelSubagents(
  host: Host,
  tasks: readonly SubagentTask[],
  options: SubagentOptions = {},
): Promise<readonly SubagentEnd[]> {
  return await scheduled(host, options, async ({ inParallel }, schedule) =>
    (await inParallel(tasks, schedule)).map(endOf),
  )
}

/** A plan of agents' work. */
export interface OrchestrationPlan {
  /** The ends, stage by stage. Rejects with SkeinError. */
  run(host: Host, options?: SubagentOptions): Promise<readonly (readonly SubagentEnd[])[]>
}

export const OrchestrationPlan = {
  /** Stage after stage, all of a stage at the same time; each is given what the one before said, behind its prompts. */
  staged(stages: readonly (readonly SubagentTask[])[]): OrchestrationPlan {
    return {
      run: (host, options = {}) =>
        scheduled(host, options, async ({ inStages }, schedule) =>
          (await inStages(stages, schedule)).map((stage) => stage.map(endOf)),
        ),
    }
  },
} as const

function endOf({ assignment: task, ...ended }: Ended): SubagentEnd {
  return { task, ...ended }
}

async function scheduled<T>(
  host: Host,
  { cwd = host.cwd, isFailFast = false, signal = new AbortController().signal }: SubagentOptions,
  use: (scheduling: Scheduling, schedule: Schedule) => Promise<T>,
): Promise<T> {
  const { engine } = host
  const model = await host.startModel(cwd)
  const settings = model === undefined ? {} : { settings: { model } }
  const { sessionId } = await accepted(engine, { type: "session.create", cwd, ...settings, isInteractive: false })
  const ends = endsIn(host, sessionId)
  try {
    const begin = (task: SubagentTask) => begun(host, sessionId, task, ends)
    return await use(await host.scheduling(), { begin, isFailFast, signal })
  } finally {
    await ends.close()
    await accepted(engine, { type: "session.close", sessionId })
  }
}

async function begun({ engine, agents }: Host, sessionId: SessionId, task: SubagentTask, ends: Ends): Promise<Spawned> {
  const { prompt, description } = task
  const agent = await agents.nameFor(task.agent, prompt)
  const receipt = await engine.submit({ type: "agent.spawn", sessionId, agent, prompt, description })
  const childSessionId = receipt.status === "accepted" ? receipt.childSessionId : undefined
  if (receipt.status === "rejected" || childSessionId === undefined) return await notBegun(receipt)
  const done = ends.of(childSessionId)
  return {
    ...{ sessionId: childSessionId, done },
    async stop() {
      // One that has ended meanwhile needs no stopping.
      await engine.submit({ type: "agent.stop", sessionId, childSessionId })
      return await done
    },
  }
}

async function notBegun(receipt: { readonly status: string; readonly message?: string }): Promise<never> {
  const { ToolFailure } = await import("@skein/core/ports")
  throw new ToolFailure(receipt.message ?? "It was not begun.")
}

interface Ends {
  of(childSessionId: SessionId): Promise<AgentResult>
  close(): Promise<void>
}

/** The ends of the children of a session, whenever they are asked for. */
function endsIn({ engine }: Host, sessionId: SessionId): Ends {
  const waiting = new Map<SessionId, PromiseWithResolvers<AgentResult>>()
  const of = (childSessionId: SessionId) => {
    const known = waiting.get(childSessionId) ?? Promise.withResolvers<AgentResult>()
    waiting.set(childSessionId, known)
    return known
  }
  const events = engine.events({ sessionId })[Symbol.asyncIterator]()
  const read = (async () => {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event: Event = next.value
      if (event.type === "subagent.ended") of(event.childSessionId).resolve(resultOf(event))
    }
  })()
  return {
    of: (childSessionId) => of(childSessionId).promise,
    async close() {
      await events.return?.()
      await read
    },
  }
}

function resultOf(event: EventOf<"subagent.ended">): AgentResult {
  const { childSessionId, outcome, text, steps, microUsd, durationMs, changedPaths } = event
  return { sessionId: childSessionId, outcome, text, steps, microUsd, durationMs, changedPaths }
}
