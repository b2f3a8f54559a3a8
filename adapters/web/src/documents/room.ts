/** Of one document; many times what a model reads, and what larger spreadsheets hold. */
const CHARACTERS_MAX = 16_000_000

/**
 * How much text cells may still give. A file of a few hundred bytes can say of one long text that it stands in a million
 * cells: what it takes to hold is bounded by this and not by what the file weighs.
 */
export class Room {
  #left = CHARACTERS_MAX

  /** The text, or as much of it as there is room for. */
  take(text: string): string {
    const taken = text.slice(0, this.#left)
    this.#left -= taken.length
    return taken
  }

  /** What to tell whoever reads it. */
  get notes(): readonly string[] {
    if (this.#left > 0) return []
    return [
      `Of its cells the first ${CHARACTERS_MAX / 1_000_000} million characters are read. Ask for fewer sheets at once.`,
    ]
  }
}
