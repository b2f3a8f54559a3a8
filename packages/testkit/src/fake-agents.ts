import {
  type AgentReport,
  type AgentResult,
  type AgentsPort,
  type Spawned,
  type SpawnRequest,
  ToolFailure,
} from "@skein/core/ports"
import type { SessionId, TurnOutcome } from "@skein/protocol"

/** What a child does: says something, fails, cannot be begun, or goes on until it is stopped. */
export type Deed =
  | string
  | { readonly fails: string }
  | { readonly refuses: string }
  | "hangs"
  /** It has to wait for a free place first, for ever. */
  | "queued"
  /** Does something before it says its text. */
  | { readonly does: (request: SpawnRequest) => Promise<string> }

export interface FakeAgents extends AgentsPort {
  /** Each child that was asked for, in order. */
  readonly requests: readonly SpawnRequest[]
  /** What was said to children, and what they were stopped for. */
  readonly said: readonly string[]
  readonly stopped: readonly string[]
}

/** Children that do what a script says of their prompts, without sessions. */
export function fakeAgents(script: (request: SpawnRequest) => Deed): FakeAgents {
  const requests: SpawnRequest[] = []
  const said: string[] = []
  const stopped: string[] = []
  const reports: AgentReport[] = []
  const open = new Map<SessionId, Spawned>()

  function spawned(place: number, request: SpawnRequest, deed: Deed): Spawned {
    const sessionId: SessionId = `ses_child${place}`
    const { promise: done, resolve } = Promise.withResolvers<AgentResult>()
    const end = (outcome: TurnOutcome, text: string) => {
      const result = resultOf(sessionId, outcome, text)
      reports[place] = { ...reportOf(sessionId, request), status: "ended", result }
      open.delete(sessionId)
      resolve(result)
    }
    const child: Spawned = {
      ...{ sessionId, done },
      async stop(reason) {
        stopped.push(`${request.description}: ${reason}`)
        end({ kind: "interrupted" }, "")
        return await done
      },
    }
    reports[place] = { ...reportOf(sessionId, request), status: "running" }
    open.set(sessionId, child)
    // As late as a real one's: who began it holds it by then.
    setTimeout(() => act(deed, request, end), 0)
    return child
  }

  return {
    ...{ requests, said, stopped },
    async spawn(request) {
      const deed = script(request)
      requests.push(request)
      if (deed === "queued") return await new Promise<never>(() => {})
      if (typeof deed === "object" && "refuses" in deed) throw new ToolFailure(deed.refuses)
      return spawned(requests.length - 1, request, deed)
    },
    async say(childSessionId, text) {
      const place = reports.findIndex(({ sessionId }) => sessionId === childSessionId)
      const request = requests[place]
      if (request === undefined) throw new ToolFailure(`No agent works as ${childSessionId}.`)
      said.push(text)
      return open.get(childSessionId) ?? spawned(place, request, script({ ...request, prompt: text }))
    },
    running: (childSessionId) => open.get(childSessionId),
    list: () => reports,
  }
}

function act(deed: Deed, request: SpawnRequest, end: (outcome: TurnOutcome, text: string) => void): void {
  if (deed === "hangs" || deed === "queued") return
  if (typeof deed === "string") return end({ kind: "completed" }, deed)
  if ("does" in deed) {
    deed.does(request).then(
      (text) => end({ kind: "completed" }, text),
      (error: unknown) => end({ kind: "failed", code: "internal", message: String(error) }, ""),
    )
  } else if ("fails" in deed) end({ kind: "failed", code: "provider.unavailable", message: deed.fails }, "")
}

function reportOf(sessionId: SessionId, { agent, description }: SpawnRequest) {
  return { sessionId, agent: agent.name, description }
}

function resultOf(sessionId: SessionId, outcome: TurnOutcome, text: string): AgentResult {
  return { sessionId, outcome, text, steps: 2, microUsd: 1_500, durationMs: 1_200, changedPaths: [] }
}
