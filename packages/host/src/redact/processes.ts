import type { ProcessesPort, SessionProcesses } from "@skein/core/ports"
import type { Redact } from "./redact.ts"

/** What lasting processes say goes to the screen while it comes, and to the log's artifacts: without secrets. */
export function redactingProcesses(processes: ProcessesPort, redact: Redact): ProcessesPort {
  return {
    ...processes,
    async start(request) {
      const streams = {
        stdout: redactingStream(redact, (bytes) => request.onOutput(bytes, "stdout")),
        stderr: redactingStream(redact, (bytes) => request.onOutput(bytes, "stderr")),
      }
      const running = await processes.start({ ...request, onOutput: (bytes, stream) => streams[stream].take(bytes) })
      const exited = running.exited.then((exit) => {
        streams.stdout.end()
        streams.stderr.end()
        return exit
      })
      return { ...running, exited, end: () => running.end().then(() => exited) }
    },
  }
}

/** The same for a command that goes on as a process. */
export function redactingAdoption(processes: SessionProcesses, redact: Redact): SessionProcesses {
  return {
    ...processes,
    adopt: (command) => {
      const stream = redactingStream(redact, (bytes) => listener?.(bytes))
      let listener: ((bytes: Uint8Array) => void) | undefined
      const ended = command.ended.then((end) => {
        stream.end()
        return end
      })
      return processes.adopt({
        ...command,
        ended,
        onOutput(given) {
          listener = given
          command.onOutput((bytes) => stream.take(bytes))
        },
      })
    },
  }
}

/** What may be the beginning of a secret waits so long for the rest; then it is shown, so that a prompt is seen. */
const HELD_MS = 15
/** A key that has begun is no prompt. */
const HELD_IN_KEY_MS = 2_000
/** No secret is longer; a line without an end is shown in pieces of this size. */
const HELD_CHARS = 16_384

/** Whole lines at once, and keys of several lines as one; the rest after a moment in which nothing came. */
function redactingStream(redact: Redact, show: (bytes: Uint8Array) => void) {
  // A character for each byte, so that bytes that are no text come through as they are.
  let held = ""
  let timer: Timer | undefined
  const put = (text: string) => {
    if (text !== "") show(Buffer.from(redact(text), "latin1"))
  }
  const end = () => {
    clearTimeout(timer)
    const rest = held
    held = ""
    put(rest)
  }
  return {
    end,
    take(bytes: Uint8Array): void {
      clearTimeout(timer)
      held += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1")
      const key = held.lastIndexOf("-----BEGIN ")
      const isInKey = key >= 0 && held.indexOf("-----END ", key) < 0
      const at = held.lastIndexOf("\n", isInKey ? key : held.length) + 1
      const cut = at === 0 && held.length > HELD_CHARS ? held.length : at
      const whole = held.slice(0, cut)
      held = held.slice(cut)
      put(whole)
      if (held !== "") timer = setTimeout(end, isInKey ? HELD_IN_KEY_MS : HELD_MS)
    },
  }
}
