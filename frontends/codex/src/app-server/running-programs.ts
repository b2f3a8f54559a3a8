import { INTERNAL_ERROR, RpcError } from "./peer.ts"
import type { ClientProgram } from "./programs.ts"

/** What a family calls its programs, in errors. */
export interface ProgramWords {
  /** `command/exec`. */
  readonly program: string
  /** `process id`. */
  readonly id: string
  /** `command/exec process id`. */
  readonly duplicate: string
}

/** Programs of one connection, by the names it gave them. */
export class RunningPrograms {
  readonly #words: ProgramWords
  readonly #running = new Map<string, ClientProgram>()
  #unnamed = 0

  constructor(words: ProgramWords) {
    this.#words = words
  }

  /** Keeps a program until it has ended. Throws RpcError for a name that is taken. */
  keep(name: string | undefined, begin: () => ClientProgram): ClientProgram {
    const key = name === undefined ? `unnamed ${this.#unnamed++}` : `named ${name}`
    const { program: what, duplicate } = this.#words
    if (this.#running.has(key)) throw new RpcError(`duplicate active ${duplicate}: ${JSON.stringify(name)}`)
    if (this.#running.size >= RUNNING_MAX) {
      throw new RpcError(`${RUNNING_MAX} of ${what} run already, which is as many as one client has`, INTERNAL_ERROR)
    }
    const program = begin()
    this.#running.set(key, program)
    const forget = () => void this.#running.delete(key)
    program.ended.then(forget, forget)
    return program
  }

  get(name: string): ClientProgram {
    const program = this.#running.get(`named ${name}`)
    if (program !== undefined) return program
    throw new RpcError(`no active ${this.#words.program} for ${this.#words.id} ${JSON.stringify(name)}`)
  }

  /** Ends all of them, and waits for it. */
  async end(): Promise<void> {
    const all = [...this.#running.values()]
    for (const program of all) program.kill()
    await Promise.allSettled(all.map(({ ended }) => ended))
  }
}

/** Of one connection and one family of methods. */
const RUNNING_MAX = 64
