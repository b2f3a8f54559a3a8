import { type RunContext, ToolFailure, type ToolResult } from "@skein/core/ports"
import { isId, isWithin, type SessionId, type SessionView } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { extractOf } from "./extract.ts"
import { hitsText } from "./hits.ts"
import { statusText } from "./status.ts"

interface Input {
  readonly find?: string | undefined
  readonly read?: string | undefined
  readonly limit: number
}

const SOURCE = "sessions of this machine"

/** Looks back: into other sessions by their words, into one by its id, at this one's own state. */
export const sessions = defineTool<Input, SessionView | undefined>({
  name: "sessions",
  summary: "find and read past sessions; this one's tokens, cost and room",
  description:
    "Past sessions on this machine: find those in which words were said, read one by its id (with find: only around " +
    "those words). Without arguments: this session's model, tokens, cost and context left.",
  input: () =>
    z.strictObject({
      find: z.string().min(1).max(500).optional(),
      read: z.string().optional(),
      limit: z.int().min(1).max(50).default(10),
    }),
  kind: "search",
  effects: ["read"],
  canBeLayered: true,
  isConcurrent: true,
  title: ({ find, read }) => `sessions${read === undefined ? "" : ` ${read}`}${find === undefined ? "" : ` "${find}"`}`,
  async plan({ read }, _, { sessions: all, roots }) {
    if (read === undefined) return { effects: [{ kind: "none" }], actions: [], prepared: undefined }
    const view = await all.read(idOf(read))
    const isInside = roots.some((root) => isWithin(view.cwd, root))
    return {
      effects: [{ kind: "read", paths: [view.cwd], isInside }],
      actions: [{ verb: "read session", target: `${view.sessionId} of ${view.cwd}` }],
      prepared: view,
    }
  },
  async run({ find, limit }, _, context, view) {
    if (view !== undefined) return told(extractOf(view, find), `session ${view.sessionId}`)
    if (find === undefined) return status(context)
    const hits = await context.sessions.search(find, limit)
    return told(hitsText(hits, find, context), `${hits.length} sessions`)
  },
})

function idOf(text: string): SessionId {
  const id = text.startsWith("ses_") ? text : `ses_${text}`
  if (isId("ses", id)) return id
  throw new ToolFailure(`${JSON.stringify(text)} is not the id of a session. Find one first.`)
}

/** Other sessions hold pages and outputs that nobody vouches for: what they say is not to be followed. */
function told(text: string, summary: string): ToolResult {
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "text", body: text, summary },
    provenance: { source: SOURCE, isTrusted: false },
  }
}

async function status({ sessions: all, sessionId }: RunContext): Promise<ToolResult> {
  const text = statusText(await all.read(sessionId), all.contextSize())
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "text", body: text },
    provenance: { source: "this session", isTrusted: true },
  }
}
