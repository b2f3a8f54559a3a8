import { FileRequest, type FileTextAnswer, type FileWriteAnswer } from "@skein/protocol"
import { FileText, read } from "./params.ts"
import { type Json, RPC, RpcError } from "./rpc.ts"

export interface FilesOfClient {
  readonly sessionId: string
  readonly writesFiles: boolean
  /** A path as the client names it. */
  readonly named: (path: string) => string
  /** What the client said it does not have, while nothing happened since. */
  readonly absent: Set<string>
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
  if (absent.has(path)) throw new RpcError(RPC.notFound, `There is no ${path}.`)
  const said = await ask("fs/read_text_file", { sessionId, path }).catch((error: unknown) => {
    if (error instanceof RpcError && error.code === RPC.notFound) absent.add(path)
    throw error
  })
  return { text: read(FileText, said).content }
}
