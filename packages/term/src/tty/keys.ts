/**
 * Reads a terminal while it is raw. Each time it is opened anew, so that what stops reading takes nothing away from the
 * program that the terminal is lent to. Waiting costs neither a thread nor any time of a processor.
 */
export class Keys {
  readonly #path: string | undefined
  readonly #hangUp: () => void
  #reader: Reader | undefined
  #isWanted = false
  #handler: ((bytes: Uint8Array) => void) | undefined

  constructor(path: string | undefined, hangUp: () => void) {
    this.#path = path
    this.#hangUp = hangUp
  }

  onInput(handler: (bytes: Uint8Array) => void): void {
    this.#handler = handler
    if (this.#isWanted) this.start()
  }

  start(): void {
    this.#isWanted = true
    if (this.#handler === undefined || this.#reader !== undefined) return
    const reader = openInput(this.#path)
    this.#reader = reader
    // What fails there is a defect, and ends the process as such: nobody waits for the end of what is read.
    void this.#follow(reader)
  }

  stop(): void {
    this.#isWanted = false
    const reader = this.#reader
    this.#reader = undefined
    if (reader === undefined) return
    // What fails to close was closed by the terminal.
    reader.cancel().catch(() => undefined)
  }

  async #follow(reader: Reader): Promise<void> {
    while (this.#reader === reader) {
      const bytes = await next(reader)
      // Whoever stopped it knows.
      if (this.#reader !== reader) return
      if (bytes === undefined) {
        this.#reader = undefined
        return this.#hangUp()
      }
      this.#handler?.(bytes)
    }
  }
}

/** Undefined once the terminal is gone, which the system says as an end or as an error. */
async function next(reader: Reader): Promise<Uint8Array | undefined> {
  try {
    const { value } = await reader.read()
    return value
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}

type Reader = ReturnType<typeof openInput>

function openInput(path: string | undefined) {
  const file = path === undefined ? Bun.stdin : Bun.file(path)
  return file.stream().getReader()
}
