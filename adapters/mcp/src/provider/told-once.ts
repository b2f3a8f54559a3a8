import type { Row } from "./rows.ts"

/** What of a place a person is to know. */
interface Findings {
  readonly place: { readonly cwd: string }
  readonly rows: readonly Row[]
  readonly problems: readonly string[]
}

interface Listener {
  warn(sentence: string): void
  leaveOut(cwd: string, sentence: string): Promise<void>
}

/** What a person should know, each once: what cannot be read, what is hidden, what nobody trusts. */
export class ToldOnce {
  readonly #listener: Listener
  readonly #told = new Set<string>()

  constructor(listener: Listener) {
    this.#listener = listener
  }

  async tell({ place, rows, problems }: Findings): Promise<void> {
    const broken = rows.flatMap(({ found }) => found.problem ?? [])
    for (const sentence of [...problems, ...broken]) {
      if (this.#isNew(sentence)) this.#listener.warn(sentence)
    }
    const untrusted = rows.filter(({ standing }) => standing === "untrusted").map(({ found }) => found.name)
    const left = `MCP servers of this folder are left out, as nobody trusts them as they are: ${untrusted.join(", ")}. skein trust shows them.`
    if (untrusted.length > 0 && this.#isNew(`${place.cwd}\0${left}`)) await this.#listener.leaveOut(place.cwd, left)
  }

  #isNew(what: string): boolean {
    const isNew = !this.#told.has(what)
    this.#told.add(what)
    return isNew
  }
}
