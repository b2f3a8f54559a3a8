import type { Engine, Op, Query, QueryAnswer, Receipt, SessionId, Settings, Subscription } from "@skein/protocol"
import { defined, fakeSession, type Script } from "./fake-session.ts"

const SETTINGS: Settings = {
  model: "anthropic/claude-sonnet-4-5",
  mode: "ask",
  sandbox: "workspace-write",
  extraRoots: [],
  limits: {},
}
/** An engine that follows a script, with the event sequences of the real one. It keeps everything it was asked. */
export function fakeEngine(script: Script): Engine & { readonly ops: readonly Op[] } {
  const ops: Op[] = []
  const sessions = new Map<SessionId, ReturnType<typeof fakeSession>>()
  let made = 0
  const at = (id: SessionId) => {
    const session = sessions.get(id)
    if (!session) throw new Error(`No conversation found with session ID ${id}`)
    return session
  }
  return {
    ops,
    async submit(op: Op): Promise<Receipt> {
      ops.push(op)
      if (op.type === "session.create") {
        const id = op.sessionId ?? (`ses_0199aaaa-0000-7000-8000-00000000000${++made}` as const)
        sessions.set(id, fakeSession(id, op.cwd, { ...SETTINGS, ...defined(op.settings ?? {}) }, script))
        return { status: "accepted", sessionId: id, seq: 1 }
      }
      return at(op.sessionId).submit(op)
    },
    async ask<Q extends Query>(query: Q): Promise<QueryAnswer<Q>> {
      return answer(query, at, [...sessions.values()]) as QueryAnswer<Q>
    },
    events: (subscription: Subscription) => at(subscription.sessionId).events(subscription.from),
  }
}

function answer(
  query: Query,
  at: (id: SessionId) => ReturnType<typeof fakeSession>,
  all: readonly ReturnType<typeof fakeSession>[],
) {
  switch (query.type) {
    case "session.read":
      return at(query.sessionId).view()
    case "sessions.list":
      return all.map((session) => ({
        ...session.view(),
        updatedAt: 0,
        preview: "",
        isInteractive: false,
        isArchived: false,
      }))
    case "models.list":
      return [
        {
          provider: "anthropic",
          id: "claude-sonnet-4-5",
          contextTokens: 200_000,
          outputTokensMax: 64_000,
          images: true,
          tools: true,
          reasoning: true,
          isReady: true,
        },
      ]
    case "tools.list":
      return ["read", "write", "edit", "bash", "grep"].map((name) => ({ name, description: name, inputSchema: {} }))
    case "mcp.servers":
      return []
    case "skills.list":
      return [{ name: "pdf", description: "Reads PDFs.", scope: "user", isByPersonOnly: false }]
    case "plugins.list":
      return [{ name: "demo", folder: "/plugins/demo", brings: [] }]
    case "commands.list":
      return [
        { name: "goal", aliases: [], summary: "What it is for.", usage: "[text]", whileBusy: true },
        { name: "swarm", aliases: [], summary: "", usage: "", whileBusy: true, blocker: "There is none yet." },
      ]
    case "command.resolve":
      return query.args === "" ? { kind: "usage", text: "No goal." } : { kind: "show", text: `The goal: ${query.args}` }
    case "context.report":
      return { sections: [], inline: [], toolTokens: 100, messageTokens: 20, totalTokens: 120, contextTokens: 200_000 }
  }
}
