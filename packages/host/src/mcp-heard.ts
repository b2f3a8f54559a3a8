import type { ProcessesPort } from "@skein/core/ports"
import type { OnMcpMessage } from "./request.ts"

type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** Processes whose lines, in and out, somebody hears. */
export function heardProcesses(processes: ProcessesPort, onMessage: OnMcpMessage): ProcessesPort {
  return {
    ...processes,
    async start(request) {
      const said = {
        stdout: lined((line) => onMessage("received", line)),
        stderr: lined((line) => onMessage("stderr", line)),
      }
      const sent = lined((line) => onMessage("sent", line))
      const running = await processes.start({
        ...request,
        onOutput(bytes, stream) {
          said[stream](bytes)
          request.onOutput(bytes, stream)
        },
      })
      return {
        confinement: running.confinement,
        exited: running.exited,
        async write(bytes) {
          sent(bytes)
          await running.write(bytes)
        },
        closeInput: () => running.closeInput(),
        resize: (columns, rows) => running.resize(columns, rows),
        signal: (name) => running.signal(name),
        end: () => running.end(),
      }
    },
  }
}

/** Requests and answers that somebody hears; a stream as it comes. */
export function heardFetch(through: Fetch, onMessage: OnMcpMessage): Fetch {
  return async (url, init) => {
    const { body } = init ?? {}
    onMessage("sent", `${init?.method ?? "GET"} ${url}${typeof body === "string" ? `\n${body}` : ""}`)
    const response = await through(url, init)
    onMessage("received", `${response.status} ${response.headers.get("content-type") ?? ""}`)
    if (response.body === null) return response
    const [own, heard] = response.body.tee()
    const hear = lined((line) => onMessage("received", line))
    const listening = async () => {
      for await (const chunk of heard) hear(chunk)
    }
    // Whoever asked is told of a stream that breaks.
    listening().catch(() => undefined)
    const { status, statusText, headers } = response
    const made = new Response(own, { status, statusText, headers })
    Object.defineProperty(made, "url", { value: response.url })
    return made
  }
}

function lined(tell: (line: string) => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder()
  let rest = ""
  return (bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) if (line.trim() !== "") tell(line)
  }
}
