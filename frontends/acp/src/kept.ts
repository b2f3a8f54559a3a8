import type { Engine, Op, Receipt, SessionId } from "@skein/protocol"
import { type Json, RPC, RpcError } from "./rpc.ts"
import { acpError } from "./words.ts"

/** Sessions that a client names without having them open; what it has open is let go of first. */
export interface KeptSessions {
  readonly engine: Engine
  readonly isOpen: (sessionId: SessionId) => boolean
  /** Cancels what runs and closes it, when the client has it open. */
  readonly letGo: (sessionId: SessionId) => Promise<void>
}

/** Gone for good. One that is not there is no error: the protocol wants what the client asked for to be so. */
export async function deleteSession(sessionId: SessionId, { engine, letGo }: KeptSessions): Promise<Json> {
  await letGo(sessionId)
  const receipt = await engine.submit({ type: "session.delete", sessionId })
  if (receipt.status === "rejected" && receipt.code !== "session.not_found") {
    throw acpError(receipt.code, receipt.message)
  }
  return {}
}

/** Out of lists, or in them again. An archived one is nobody's to work in until it is opened anew. */
export async function archiveSession(sessionId: SessionId, isArchived: boolean, kept: KeptSessions): Promise<Json> {
  if (isArchived) await kept.letGo(sessionId)
  await change({ type: "session.change", sessionId, isArchived }, kept)
  return {}
}

/** The title without the space around it, as it is kept. */
export async function nameSession(sessionId: SessionId, given: string, kept: KeptSessions): Promise<Json> {
  const title = given.trim()
  if (title === "") throw new RpcError(RPC.invalidParams, "The title is empty.")
  await change({ type: "session.change", sessionId, title }, kept)
  return { title }
}

/** Another skein may want the session: it is not held longer than the change takes. */
async function change(op: Op<"session.change">, { engine, isOpen }: KeptSessions): Promise<void> {
  const { sessionId } = op
  taken(await engine.submit(op))
  if (!isOpen(sessionId)) taken(await engine.submit({ type: "session.close", sessionId }))
}

function taken(receipt: Receipt): void {
  if (receipt.status === "rejected") throw acpError(receipt.code, receipt.message)
}
