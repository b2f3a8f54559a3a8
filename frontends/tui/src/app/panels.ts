import type { Panel } from "../panels/panel.ts"

/** The panels that are open, one over the other. */
export class Panels {
  #all: readonly Panel[] = []

  /** The one that has the keys. */
  get top(): Panel | undefined {
    return this.#all.at(-1)
  }

  get isEmpty(): boolean {
    return this.#all.length === 0
  }

  open(panel: Panel): void {
    this.#all = [...this.#all, panel]
  }

  /** In the place of the one that has the keys; undefined: that one is left. */
  swap(panel: Panel | undefined): void {
    this.#all = [...this.#all.slice(0, -1), ...(panel === undefined ? [] : [panel])]
  }
}
