/** Why the proxy does not do what a client asked; becomes its answer and stands in the record. */
export class Refusal extends Error {
  override readonly name = "Refusal"
  /** Of the HTTP answer. */
  readonly status: number

  constructor(status: number, reason: string) {
    super(reason)
    this.status = status
  }
}

/** What cannot be read in exactly one way is not read at all. */
export function malformed(reason: string): Refusal {
  return new Refusal(400, reason)
}
