/** One end of JSON-RPC over lines. */
export interface Peer {
  tell(method: string, params: unknown): void
  /** Rejects with what the other end says. */
  ask(method: string, params: unknown): Promise<unknown>
  take(line: string, answer: Answer, cancelMethod: string): void
}

export interface Request {
  readonly id: number
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  readonly signal: AbortSignal
}

export type Answer = (request: Request) => Promise<unknown>

export function peer(write: (line: string) => void): Peer {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const running = new Map<number, AbortController>()
  let last = 0
  const send = (message: object) => write(JSON.stringify({ jsonrpc: "2.0", ...message }))

  async function answered(id: number, method: string, params: Request["params"], answer: Answer): Promise<void> {
    const abort = new AbortController()
    running.set(id, abort)
    try {
      send({ id, result: (await answer({ id, method, params, signal: abort.signal })) ?? null })
    } catch (error) {
      send({ id, error: { code: 1, message: error instanceof Error ? error.message : String(error) } })
    } finally {
      running.delete(id)
    }
  }

  return {
    tell: (method, params) => send({ method, params }),
    ask(method, params) {
      const id = ++last
      const answer = Promise.withResolvers<unknown>()
      waiting.set(id, answer)
      send({ id, method, params })
      return answer.promise
    },
    take(line, answer, cancelMethod) {
      const { id, method, params = {}, result, error } = JSON.parse(line)
      if (method === cancelMethod) running.get(params.id)?.abort(new Error("It was interrupted."))
      else if (method !== undefined) void answered(id, method, params, answer)
      else if (error === undefined) waiting.get(id)?.resolve(result)
      else waiting.get(id)?.reject(new Error(error.message))
      if (method === undefined) waiting.delete(id)
    },
  }
}
