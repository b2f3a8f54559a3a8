import type { Event, Op } from "@skein/protocol"

/** What a line that begins with `!` asks for. */
export type ShellLine = Pick<Op<"shell.run">, "command" | "isPrivate">

/**
 * `!command` runs it, `!!command` without telling the model. Only what is typed: text that is piped in may begin with
 * anything, and was written by whoever.
 */
export function shellLine(text: string): ShellLine | undefined {
  const [, mark = "", command = ""] = /^(!!?)\s*(\S[\s\S]*)$/.exec(text.trimStart()) ?? []
  return command === "" ? undefined : { command, isPrivate: mark === "!!" }
}

/** A command of which only this program knows yet. */
const STARTING = "starting"

/** The person's own commands that run: from Enter on, so that one can be stopped before the engine says that it runs. */
export class RunningShells {
  readonly #running = new Set<string>()

  get isAny(): boolean {
    return this.#running.size > 0
  }

  begin(): void {
    this.#running.add(STARTING)
  }

  giveUp(): void {
    this.#running.delete(STARTING)
  }

  see(event: Event): void {
    if (event.type === "shell.started") {
      this.giveUp()
      this.#running.add(event.callId)
    } else if (event.type === "shell.ended") {
      this.#running.delete(event.callId)
    }
  }

  clear(): void {
    this.#running.clear()
  }
}
