import type { ProcessExit, ProcessesPort, ProcessRequest } from "@skein/core/ports"

/** One process that a test plays. */
export interface FakeProcess {
  readonly request: ProcessRequest
  /** Everything that was written to it, as text. */
  readonly written: readonly string[]
  /** What was done to it, in order: `resize 100x30`, `SIGINT`, `close`, `end`. */
  readonly done: readonly string[]
  says(text: string): void
  exits(exitCode: number): void
}

export interface FakeProcesses extends ProcessesPort {
  /** Everything that was started, oldest first. */
  readonly started: readonly FakeProcess[]
}

/** A ProcessesPort that starts nothing: a test says what its processes say, and when they end. One that is ended is killed. */
export function fakeProcesses(): FakeProcesses {
  const started: FakeProcess[] = []
  return {
    started,
    async start(request) {
      const exited = Promise.withResolvers<ProcessExit>()
      const written: string[] = []
      const done: string[] = []
      const note = (what: string) => void done.push(what)
      started.push({
        ...{ request, written, done },
        says: (text) => request.onOutput(new TextEncoder().encode(text), "stdout"),
        exits: (exitCode) => exited.resolve({ exitCode, signal: null }),
      })
      return {
        confinement: "a test",
        write: async (bytes) => void written.push(new TextDecoder().decode(bytes)),
        closeInput: () => note("close"),
        resize: (columns, rows) => note(`resize ${columns}x${rows}`),
        signal: note,
        exited: exited.promise,
        end() {
          note("end")
          exited.resolve({ exitCode: null, signal: "SIGTERM" })
          return exited.promise
        },
      }
    },
  }
}
