import { type PicturePlace, pictureGiven, pictureTaken } from "@skein/term"

/** A picture that a frame shows. */
export interface Shown {
  readonly place: PicturePlace
  /** What it takes of the room on a shelf, of which there are `SHELF_ROOM`. */
  readonly worth: number
  /** Its bytes, a PNG. */
  readonly png: () => Uint8Array
}

/** Four of the largest pictures, or as many smaller ones as come to that. */
export const SHELF_ROOM = 4

/**
 * The pictures that one screen of the terminal was given: each once, and as long as there is room. What was not shown for
 * longest makes room for what is; what is on the screen stays.
 */
export class Shelf {
  /** By number, those that were shown last at the end. */
  readonly #kept = new Map<number, { readonly worth: number; readonly isThere: boolean }>()

  /** What the terminal has to be told before these can be seen, the most important first. Empty where it has them. */
  show(pictures: readonly Shown[]): string {
    const shown = new Map(pictures.map((picture) => [picture.place.id, picture]))
    for (const [id, kept] of [...this.#kept].filter(([id]) => shown.has(id))) this.#put(id, kept)
    let bytes = ""
    for (const [id, picture] of shown) {
      if (this.#kept.get(id)?.isThere === true) continue
      const { worth, place } = picture
      bytes += this.#freed(worth, id, shown)
      if (this.#taken(id) + worth > SHELF_ROOM) continue
      bytes += pictureGiven(place, picture.png())
      this.#put(id, { worth, isThere: true })
    }
    return bytes
  }

  /** Whether the terminal still has them is not known: each is given again before it is seen again. */
  doubt(): void {
    for (const [id, { worth }] of [...this.#kept]) this.#kept.set(id, { worth, isThere: false })
  }

  /** The terminal has none of them. */
  clear(): void {
    this.#kept.clear()
  }

  /** Takes pictures that are not on the screen, until there is room. */
  #freed(worth: number, id: number, shown: ReadonlyMap<number, unknown>): string {
    let bytes = ""
    for (const other of [...this.#kept.keys()]) {
      if (this.#taken(id) + worth <= SHELF_ROOM) break
      if (shown.has(other)) continue
      this.#kept.delete(other)
      bytes += pictureTaken(other)
    }
    return bytes
  }

  /** By all but one. */
  #taken(but: number): number {
    let sum = 0
    for (const [id, { worth }] of this.#kept) if (id !== but) sum += worth
    return sum
  }

  #put(id: number, kept: { readonly worth: number; readonly isThere: boolean }): void {
    this.#kept.delete(id)
    this.#kept.set(id, kept)
  }
}
