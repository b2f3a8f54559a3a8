import type { CommandChoice, CommandReply, Op, Query, SessionId } from "@skein/protocol"
import { commandLine, SkeinError } from "@skein/protocol"
import type { SessionLink } from "./session-link.ts"

/** What a command came to, for the screen to show. */
export type Replied =
  | { readonly kind: "text"; readonly title: string; readonly text: string }
  | { readonly kind: "refused"; readonly text: string }
  | { readonly kind: "done"; readonly text: string; readonly movedTo?: SessionId | undefined; readonly isNew: boolean }
  /** To be asked first; `ops` are done on a yes. */
  | { readonly kind: "confirm"; readonly question: string; readonly ops: readonly Op[]; readonly done: string }
  | { readonly kind: "choose"; readonly title: string; readonly choices: readonly CommandChoice[] }

/** The session that a command is given in. All goes by it: what is sent must be known to whoever would let go of the session. */
type Given = Pick<SessionLink, "sessionId" | "ask" | "submit">

/** Runs `/name args`, as far as nobody has to be asked. Never throws for a command that cannot be: the reply says why. */
export async function replied(link: Given, text: string): Promise<Replied> {
  const line = commandLine(text)
  if (line === undefined) return { kind: "refused", text: `${text} is no command; / lists them.` }
  const reply = await resolved(link, { type: "command.resolve", sessionId: link.sessionId, ...line })
  switch (reply.kind) {
    case "show":
      return { kind: "text", title: `/${line.name}`, text: reply.text }
    case "usage":
      return { kind: "refused", text: reply.text }
    case "choose":
      return reply
    case "open":
      return { kind: "done", text: "", movedTo: reply.sessionId, isNew: false }
    case "ops":
      return opsReplied(link, reply)
  }
}

async function resolved(link: Given, query: Extract<Query, { type: "command.resolve" }>): Promise<CommandReply> {
  try {
    return await link.ask(query)
  } catch (error) {
    if (error instanceof SkeinError) return { kind: "usage", text: error.message }
    throw error
  }
}

async function opsReplied(
  link: Given,
  { ops, done = "", confirm }: Extract<CommandReply, { kind: "ops" }>,
): Promise<Replied> {
  if (confirm !== undefined) return { kind: "confirm", question: confirm, ops, done }
  return performed(link, ops, done)
}

/** In order, up to the first that is refused. */
export async function performed(link: Given, ops: readonly Op[], done: string): Promise<Replied> {
  let movedTo: SessionId | undefined
  for (const op of ops) {
    const receipt = await link.submit(op)
    if (receipt.status === "rejected") return { kind: "refused", text: receipt.message }
    if (receipt.sessionId !== link.sessionId) movedTo = receipt.sessionId
  }
  return { kind: "done", text: done, movedTo, isNew: ops.some(({ type }) => type === "session.create") }
}
