import { Mailbox } from "../src/connecting/mailbox.ts"
import type { Transport } from "../src/index.ts"

/** One end of a wire in memory, which a test can cut, or make deaf. */
export interface End extends Transport {
  /** What was sent from here and is not taken yet, where the other end is deaf. */
  readonly waiting: number
}

/** Two ends: what one sends, the other reads. `isDeaf`: the second end takes nothing until it is told to hear. */
export function pair(): { readonly near: End; readonly far: End; cut(): void; deafen(): void; hear(): void } {
  const [toNear, toFar] = [new Mailbox<string>(), new Mailbox<string>()]
  let held: string[] | undefined
  let wakes: (() => void)[] = []
  const cut = () => {
    toNear.end()
    toFar.end()
    for (const wake of wakes) wake()
  }
  const hear = () => {
    for (const message of held ?? []) toFar.put(message)
    held = undefined
    for (const wake of wakes) wake()
    wakes = []
  }
  const near: End = {
    messages: toNear,
    send: (message) => (held === undefined ? toFar.put(message) : void held.push(message)),
    room: () => (held === undefined ? Promise.resolve() : new Promise((resolve) => wakes.push(resolve))),
    close: cut,
    get waiting() {
      return held?.length ?? 0
    },
  }
  const far: End = {
    messages: toFar,
    send: (message) => toNear.put(message),
    room: async () => undefined,
    close: cut,
    waiting: 0,
  }
  return {
    ...{ near, far, cut, hear },
    deafen() {
      held ??= []
    },
  }
}
