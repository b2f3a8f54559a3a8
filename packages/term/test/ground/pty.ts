/** A program in a terminal of its own, and all that it wrote. */
export class Pty implements Disposable {
  readonly process: Bun.Subprocess
  #text = ""
  #waiting: (() => void)[] = []

  constructor(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.process = Bun.spawn([...command], {
      env: { ...process.env, ...env },
      terminal: {
        cols: 90,
        rows: 20,
        data: (_, data) => {
          this.#text += new TextDecoder().decode(data)
          for (const wake of this.#waiting.splice(0)) wake()
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
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.push(resolve)
      await promise
    }
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
