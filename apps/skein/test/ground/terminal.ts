import { rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { BINARY } from "./binary.ts"
import type { Scene } from "./scene.ts"

/** A real terminal, 80 columns and 40 rows, with the binary in it. */
export class Terminal {
  readonly #socket = join(tmpdir(), `skein-tmux-${crypto.randomUUID()}`)

  constructor(scene: Scene, args: readonly string[]) {
    const env = Object.entries({ ...scene.env, TERM: "xterm-256color" }).flatMap(([name, value]) => [
      "-e",
      `${name}=${value}`,
    ])
    const words = [BINARY, ...args].map((word) => `'${word}'`).join(" ")
    const line = `${words}; echo "exit $?"; exec sleep 1000`
    this.#tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "40", ...env, "-c", scene.cwd, line)
  }

  /** Types a line and Enter. */
  type(line: string): void {
    if (line !== "") this.#tmux("send-keys", "-l", line)
    this.#tmux("send-keys", "Enter")
  }

  /** Presses a key by tmux's name: `C-c`. */
  press(key: string): void {
    this.#tmux("send-keys", key)
  }

  /** The screen, once it fits. Throws with the screen as it is when it does not come to that. */
  async until(wanted: RegExp): Promise<string> {
    const endsAt = performance.now() + 15_000
    for (;;) {
      const screen = this.screen()
      if (wanted.test(screen)) return screen
      if (performance.now() > endsAt) throw new Error(`${wanted} never came:\n${screen}`)
      await Bun.sleep(10)
    }
  }

  isCursorShown(): boolean {
    return this.#tmux("display-message", "-p", "#{cursor_flag}").trim() === "1"
  }

  screen(): string {
    return this.#tmux("capture-pane", "-p", "-S", "-200").trimEnd()
  }

  close(): void {
    this.#tmux("kill-server")
    rmSync(this.#socket, { force: true })
  }

  #tmux(...args: readonly string[]): string {
    return Bun.spawnSync(["tmux", "-S", this.#socket, ...args]).stdout.toString()
  }
}
