import type { JSONRPCMessage, JSONRPCRequest, Transport } from "@modelcontextprotocol/client"

/** A server that lives in skein's own client: each message is passed on to it, and what it answers comes back. */
export function clientTransport(
  toClient: (message: unknown) => Promise<unknown>,
  parse: (message: unknown) => JSONRPCMessage,
): Transport {
  let isClosed = false

  async function pass(message: JSONRPCMessage): Promise<void> {
    const answer = await answerTo(message)
    if (answer !== undefined && !isClosed) transport.onmessage?.(answer)
  }

  async function answerTo(message: JSONRPCMessage): Promise<JSONRPCMessage | undefined> {
    try {
      const answer = await toClient(message)
      // Some clients answer a notification too, under an id that may be another message's.
      if (!wantsAnswer(message)) return undefined
      return answer === undefined || answer === null ? undefined : parse(answer)
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      // A notification waits for nothing; whether it was heard shows with the next request.
      if (!wantsAnswer(message)) return undefined
      return { jsonrpc: "2.0", id: message.id, error: { code: CLIENT_FAILED, message: text } }
    }
  }

  const transport: Transport = {
    start: async () => undefined,
    // An answer may be long in coming, and a cancellation must not wait for it.
    send: async (message) => void pass(message),
    async close() {
      if (isClosed) return
      isClosed = true
      transport.onclose?.()
    },
  }
  return transport
}

function wantsAnswer(message: JSONRPCMessage): message is JSONRPCRequest {
  return "method" in message && "id" in message
}

const CLIENT_FAILED = -32_000
