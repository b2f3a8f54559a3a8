import { FileRequest, type FileTextAnswer, type FileWriteAnswer } from "@skein/protocol"
import { FileText, read } from "./params.ts"
import { type Json, RPC, RpcError } from "./rpc.ts"

export interface FilesOfClient {
  readonly sessionId: string
  readonly writesFiles: boolean
  /** A path as the client names it. */
  readonly named: (path: string) => string
  /** What the client did not give, with its words, while nothing happened since. */
  readonly absent: Map<string, RpcError>
  ask(method: string, params: Json): Promise<unknown>
}

/** Asks the client for a file of its own, or to write one. Rejects with RpcError when it refuses. */
export async function askFile(
  payload: unknown,
  { sessionId, writesFiles, named, absent, ask }: FilesOfClient,
): Promise<FileTextAnswer | FileWriteAnswer> {
  const request = FileRequest().parse(payload)
  const path = named(request.path)
  if (request.kind === "write") {
    if (!writesFiles) return { isWritten: false }
    await ask("fs/write_text_file", { sessionId, path, content: request.text })
    absent.delete(path)
    return { isWritten: true }
  }
  // One call looks several times; a client that has no such file says so as an error, which its log is spared.
  const refusal = absent.get(path)
  if (refusal !== undefined) throw refusal
  const said = await ask("fs/read_text_file", { sessionId, path }).catch((error: unknown) => {
    // Clients say it with codes of their own; whatever it is, it holds for this call.
    if (error instanceof RpcError && error.code !== RPC.cancelled) absent.set(path, error)
    throw error
  })
  return { text: read(FileText, said).content }
}
