import type { RunningChild } from "./running-child.ts"

/** Children that wait until one of those before them has ended, in the order they came. */
export class Places {
  readonly #waiting: { readonly child: RunningChild; begin(): void }[] = []
  readonly #hasRoom: () => boolean

  constructor(hasRoom: () => boolean) {
    this.#hasRoom = hasRoom
  }

  /** Resolves when there is room for it, or when it was stopped before. */
  wait(child: RunningChild): Promise<void> {
    return new Promise((begin) => {
      this.#waiting.push({ child, begin })
      this.fill()
    })
  }

  /** One that waited waits no more; false when it did not. */
  leave(child: RunningChild): boolean {
    const at = this.#waiting.findIndex((waiting) => waiting.child === child)
    const [waiting] = at < 0 ? [] : this.#waiting.splice(at, 1)
    waiting?.begin()
    return waiting !== undefined
  }

  fill(): void {
    while (this.#hasRoom()) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      if (next.child.status === "queued") next.child.status = "running"
      next.begin()
    }
  }
}
