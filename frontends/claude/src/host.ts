import { SkeinError } from "@skein/protocol"
import { asObject, asText, type Json } from "./fields.ts"

/** Requests of ours that a host answers over the same pipe. */
export interface HostRequests {
  /**
   * Asks. Undefined when the request was withdrawn. Throws SkeinError `client.gone` when the host closed its end, and
   * `op.invalid` with the host's own words when it answers with an error.
   */
  ask(id: string, request: Json): Promise<Json | undefined>
  /** Gives a host's answer to whoever asked; an answer nobody waits for is left alone. */
  answer(response: Json): void
  /** Tells the host that the answer is not wanted any more. */
  withdraw(id: string): void
  /** The host will not answer again. */
  end(): void
}

export function hostRequests(write: (line: Json) => void): HostRequests {
  const waiting = new Map<string, PromiseWithResolvers<Json | undefined>>()
  let hasEnded = false
  const gone = () => new SkeinError("client.gone", "The host closed its end before it answered.")
  const take = (id: string) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    return asked
  }
  return {
    ask(id, request) {
      if (hasEnded) return Promise.reject(gone())
      const asked = Promise.withResolvers<Json | undefined>()
      waiting.set(id, asked)
      write({ type: "control_request", request_id: id, request })
      return asked.promise
    },
    answer(response) {
      const asked = take(asText(response.request_id) ?? "")
      if (response.subtype === "success") asked?.resolve(asObject(response.response) ?? {})
      else asked?.reject(new SkeinError("op.invalid", asText(response.error) ?? "The host answered with an error."))
    },
    withdraw(id) {
      const asked = take(id)
      if (!asked) return
      write({ type: "control_cancel_request", request_id: id })
      asked.resolve(undefined)
    },
    end() {
      hasEnded = true
      for (const id of [...waiting.keys()]) take(id)?.reject(gone())
    },
  }
}
