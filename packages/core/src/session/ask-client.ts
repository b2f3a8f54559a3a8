import type { ClientQuestion } from "../turn/ports.ts"
import type { Approvals } from "./approvals.ts"
import type { Clients } from "./clients.ts"
import type { SessionWriter } from "./writer.ts"

/** Asks a client. While a person thinks about a question, the session waits as it does for an approval. */
export async function askedClient(
  request: ClientQuestion,
  clients: Clients,
  approvals: Approvals,
  writer: SessionWriter,
): Promise<unknown> {
  if (request.kind !== "question" || clients.whoAnswers("question") === undefined) return clients.request(request)
  writer.tell({ type: "session.status", status: "waiting" })
  try {
    return await clients.request(request)
  } finally {
    if (!approvals.isWaiting) writer.tell({ type: "session.status", status: "running" })
  }
}
