import type { Panel } from "../panels/panel.ts"

interface Place {
  panel: Panel
}

/** The panels that are open, one over the other. */
export class Panels {
  #all: readonly Place[] = []

  /** The one that has the keys. */
  get top(): Panel | undefined {
    return this.#all.at(-1)?.panel
  }

  get isEmpty(): boolean {
    return this.#all.length === 0
  }

  open(panel: Panel): void {
    this.#all = [...this.#all, { panel }]
  }

  /** In the place of the one that has the keys; undefined: that one is left. */
  swap(panel: Panel | undefined): void {
    const place = this.#all.at(-1)
    if (place !== undefined && panel !== undefined) place.panel = panel
    else this.#all = this.#all.slice(0, -1)
  }

  /** Whatever they ask can be read from its next drawing on. */
  reread(): void {
    for (const place of this.#all) place.panel = place.panel.reread?.() ?? place.panel
  }

  /** What puts another in the place of the one that has the keys now, whatever became of it; nothing when that was left. */
  replacing(): (panel: Panel) => void {
    const place = this.#all.at(-1)
    return (panel) => {
      if (place !== undefined) place.panel = panel
    }
  }
}
