import { type ProcessExit, type RunningCommand, type RunningProcess, ToolFailure } from "../ports/index.ts"

/** A command that was begun by a call, as a process: it takes no input, and has no terminal. */
export function commandOf({ confinement, stop }: RunningCommand, exited: Promise<ProcessExit>): RunningProcess {
  return {
    confinement,
    write: () => Promise.reject(new ToolFailure("It was started without an input: nothing can be written to it.")),
    closeInput: () => undefined,
    resize: () => undefined,
    // However it is asked, it is stopped: nothing gentler reaches it.
    signal: () => stop(),
    exited,
    async end() {
      stop()
      return exited
    },
  }
}
