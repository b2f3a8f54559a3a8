import type { Panel } from "../panels/panel.ts"

interface Place {
  panel: Panel
}

/** Something that the person wanted to see, while it is made ready. */
interface Wish {
  readonly what: unknown
  /** The person did nothing after this one. */
  deed: number
}

/** What was made ready, and whether it still is what the person wants. */
export interface Wished<T> {
  readonly made: T
  readonly isWanted: boolean
}

/** The panels that are open, one over the other. */
export class Panels {
  #all: readonly Place[] = []
  #behind: readonly Place[] = []
  #deed = 0
  #wish: Wish | undefined

  /** The one that has the keys. */
  get top(): Panel | undefined {
    return this.#all.at(-1)?.panel
  }

  get isEmpty(): boolean {
    return this.#all.length === 0
  }

  /** Gives what takes it away again, wherever it is by then. */
  open(panel: Panel): () => void {
    const place = { panel }
    this.#all = [...this.#all, place]
    return () => this.#remove(place)
  }

  /** For later: what is asked now is not covered by it. */
  wait(panel: Panel): () => void {
    const place = { panel }
    this.#behind = [...this.#behind, place]
    return () => this.#remove(place)
  }

  #remove(gone: Place): void {
    this.#all = this.#all.filter((place) => place !== gone)
    this.#behind = this.#behind.filter((place) => place !== gone)
  }

  /** What waited, over all others, once nothing is asked. */
  rise(isAsked: boolean): void {
    if (isAsked) return
    this.#all = [...this.#all, ...this.#behind]
    this.#behind = []
  }

  /** The person did something: what they wanted before is not opened over that any more. */
  touched(): void {
    this.#deed++
  }

  /**
   * Has made ready what may be opened, and says whether nobody wanted something else meanwhile and nothing came to be asked, as
   * `question` names it. Undefined when the same is made ready already.
   */
  async wished<T>(what: unknown, question: () => unknown, make: () => Promise<T>): Promise<Wished<T> | undefined> {
    const wish = { what, deed: ++this.#deed }
    const known = this.#wish
    if (known !== undefined && known.what === what) {
      known.deed = this.#deed
      return undefined
    }
    this.#wish = wish
    const [asked, count] = [question(), this.#all.length]
    try {
      const made = await make()
      const isSame = this.#all.length === count && question() === asked
      return { made, isWanted: wish.deed === this.#deed && isSame }
    } finally {
      if (this.#wish === wish) this.#wish = undefined
    }
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
