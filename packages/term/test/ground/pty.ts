/** A program in a terminal of its own, and all that it wrote. */
export class Pty implements Disposable {
  readonly process: Bun.Subprocess
  #text = ""
  #waiting: (() => void)[] = []
  #isOver = false

  /** `read`: who reads it in the place of `text`. */
  constructor(
    command: readonly string[],
    env: Readonly<Record<string, string>> = {},
    read?: (data: Uint8Array) => void,
  ) {
    const decoder = new TextDecoder()
    this.process = Bun.spawn([...command], {
      env: { ...process.env, ...env },
      terminal: {
        cols: 90,
        rows: 20,
        data: (_, data) => {
          if (read !== undefined) return read(data)
          this.#text += decoder.decode(data, { stream: true })
          this.#wake()
        },
        exit: () => {
          this.#isOver = true
          this.#wake()
        },
      },
    })
  }

  get text(): string {
    return this.#text
  }

  /** Waits until it wrote this; what it wrote up to there is forgotten. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#text)
      if (found !== null) {
        this.#text = this.#text.slice(found.index + found[0].length)
        return found[0]
      }
      if (this.#isOver) throw new Error(`It ended without ${pattern}, after: ${this.#text}`)
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.push(resolve)
      await promise
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  type(text: string): void {
    this.process.terminal?.write(text)
  }

  resize(columns: number, rows: number): void {
    this.process.terminal?.resize(columns, rows)
  }

  [Symbol.dispose](): void {
    if (this.process.exitCode === null) this.process.kill(9)
    this.process.terminal?.close()
  }
}

/** The first process that this one started. */
export function childOf(pid: number): number {
  return Number(
    Bun.spawnSync(["pgrep", "-P", String(pid)])
      .stdout.toString()
      .trim(),
  )
}
