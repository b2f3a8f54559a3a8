import type { ErrorCode, OpId, Receipt } from "@skein/protocol"

/** Newest receipts that are kept: those of ops that left nothing in the log, as an answer of a client, among them. */
const KEPT = 500

/** The same op again gets the same receipt, while it is taken as well as after. */
export class Receipts {
  readonly #known = new Map<OpId, Promise<Receipt>>()

  of(opId: OpId | undefined): Promise<Receipt> | undefined {
    return opId === undefined ? undefined : this.#known.get(opId)
  }

  keep(opId: OpId | undefined, receipt: Promise<Receipt>): void {
    if (opId === undefined) return
    this.#known.set(opId, receipt)
    const forget = () => this.#forget()
    receipt.then(forget, forget)
  }

  /** Only what is long over: an op is in the log by then, and found there. */
  #forget(): void {
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT) return
      this.#known.delete(oldest)
    }
  }
}

export function rejected(code: ErrorCode, message: string): Receipt {
  return { status: "rejected", code, message }
}
