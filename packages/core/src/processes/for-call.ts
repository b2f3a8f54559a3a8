import type { SessionProcesses } from "../ports/index.ts"
import type { Beginning } from "./beginning.ts"
import type { Processes } from "./processes.ts"

/** The session's processes as one call sees them. */
export function processesFor(processes: Processes, beginning: Beginning): SessionProcesses {
  const by = "model"
  return {
    start: (request) => processes.start(request, beginning),
    adopt: (command) => processes.adopt(command, beginning),
    list: () => processes.list().map(({ facts }) => facts),
    find: (whom) => processes.find(whom).facts,
    read: (whom, { from, bytesMax }) => processes.find(whom).read(from, bytesMax),
    wait: (whom, until, signal) => processes.find(whom).wait(until, signal),
    watch: (whom, pattern) => processes.find(whom).watch(pattern),
    write: async (whom, bytes) => processes.find(whom).write(bytes, by),
    closeInput: async (whom) => processes.find(whom).control({ kind: "close" }, by),
    resize: async (whom, columns, rows) => processes.find(whom).control({ kind: "resize", columns, rows }, by),
    signal: async (whom, signal) => processes.find(whom).control({ kind: "signal", signal }, by),
    async end(whom) {
      const process = processes.find(whom)
      await process.control({ kind: "end" }, by)
      await process.gone
      return process.facts
    },
  }
}
