import { type Answer, type FaultServer, faultServer, type Received } from "./server.ts"
import { bytesOf, type Conversation, contentTypeOf, type Reply, type Wire } from "./wire.ts"

/** One request to the model: what it held, and the ways to answer it. */
export interface Asked {
  readonly conversation: Conversation
  readonly request: Received
  readonly answer: Answer
  readonly wire: Wire
  /** Whole and well. */
  say(reply: Reply): Promise<void>
  /** A refusal before any stream. */
  refuse(status: number, body: string, headers?: Readonly<Record<string, string>>): Promise<void>
  /** The reply's stream as bytes, to be sent and cut at will. */
  bytes(reply: Reply): Buffer
}

export interface ModelServer extends FaultServer {
  readonly conversations: Conversation[]
}

/** A model of one wire whose server refuses what the real one would, and is answered by `script`. */
export function modelServer(wire: Wire, script: (asked: Asked) => Promise<void> | void): ModelServer {
  const conversations: Conversation[] = []
  const server = faultServer(async (request, plain) => {
    const answer: Answer = {
      ...plain,
      head: (status, headers) => plain.head(status, { "content-type": contentTypeOf(wire), ...headers }),
    }
    const fact = wire.facts?.[request.path]
    if (fact !== undefined) {
      await answer.head(200, { "content-type": "application/json" })
      await answer.piece(JSON.stringify(fact))
      return answer.end()
    }
    if (request.method !== "POST" || !wire.path.test(request.path)) {
      await answer.head(404, { "content-type": "application/json" })
      await answer.end()
      throw new Error(`Not of this wire: ${request.method} ${request.path}`)
    }
    const conversation = wire.read(JSON.parse(request.text))
    conversations.push(conversation)
    const bytes = (reply: Reply) => bytesOf(wire, wire.frames(reply, String(request.index)))
    await script({
      conversation,
      request,
      answer,
      wire,
      bytes,
      async say(reply) {
        await answer.head(200)
        await answer.piece(bytes(reply))
        await answer.end()
      },
      async refuse(status, body, headers = {}) {
        await answer.head(status, { "content-type": "application/json", ...headers })
        await answer.piece(body)
        await answer.end()
      },
    })
  })
  return { ...server, conversations }
}

/** A call that leaves a line behind: lines are counted to see what ran. */
export function append(
  line: string,
  more = "",
): { readonly name: string; readonly args: { readonly command: string } } {
  return { name: "bash", args: { command: `echo ${line} >> ran.txt${more}` } }
}
