import { SkeinError } from "@skein/protocol"
import { asObject, asText, type Json } from "@skein/protocol/json"

/** Requests of ours that a host answers over the same pipe. */
export class HostRequests {
  readonly #send: (line: Json) => void
  readonly #waiting = new Map<string, PromiseWithResolvers<Json | undefined>>()
  #hasEnded = false

  constructor(send: (line: Json) => void) {
    this.#send = send
  }

  /**
   * Asks. Undefined when the request was withdrawn. Throws SkeinError `client.gone` when the host closed its end, and
   * `op.invalid` with the host's own words when it answers with an error.
   */
  ask(id: string, request: Json): Promise<Json | undefined> {
    const asked = Promise.withResolvers<Json | undefined>()
    if (this.#hasEnded) asked.reject(gone())
    else {
      this.#waiting.set(id, asked)
      this.#send({ type: "control_request", request_id: id, request })
    }
    return asked.promise
  }

  /** Gives a host's answer to whoever asked; an answer nobody waits for is left alone. */
  answer(response: Json): void {
    const asked = this.#take(asText(response.request_id) ?? "")
    if (response.subtype === "success") asked?.resolve(asObject(response.response) ?? {})
    else asked?.reject(new SkeinError("op.invalid", asText(response.error) ?? "The host answered with an error."))
  }

  /** Tells the host that the answer is not wanted any more, when it still was. */
  withdraw(id: string): void {
    const asked = this.#take(id)
    if (!asked) return
    this.#send({ type: "control_cancel_request", request_id: id })
    asked.resolve(undefined)
  }

  /** The host will not answer again. */
  end(): void {
    this.#hasEnded = true
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(gone())
  }

  #take(id: string): PromiseWithResolvers<Json | undefined> | undefined {
    const asked = this.#waiting.get(id)
    this.#waiting.delete(id)
    return asked
  }
}

function gone(): SkeinError {
  return new SkeinError("client.gone", "The host closed its end before it answered.")
}
