import { parseFlags } from "../src/index.ts"
import { type ServeOptions, serveStreamJson } from "../src/serve.ts"
import { fakeEngine } from "./fake-engine.ts"
import { script } from "./script.ts"

type Line = Record<string, unknown> & { type?: string }

/** A host at the other end of the pipe: says lines, waits for lines. */
export function talk(argv: readonly string[] = [], options: Partial<ServeOptions> = {}) {
  const engine = fakeEngine(script)
  const lines: Line[] = []
  const notes: string[] = []
  const waiting: { isMeant: (line: Line) => boolean; resolve: (line: Line) => void }[] = []
  const said: (string | undefined)[] = []
  let wake = () => {}
  async function* input() {
    for (;;) {
      const next = said.shift()
      if (next !== undefined) yield next
      else if (isOver) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  let isOver = false
  const write = (text: string) => {
    const line: Line = JSON.parse(text)
    lines.push(line)
    for (const waiter of waiting.filter(({ isMeant }) => isMeant(line))) {
      waiting.splice(waiting.indexOf(waiter), 1)
      waiter.resolve(line)
    }
  }
  let uuids = 0
  const code = serveStreamJson({
    engine,
    input: input(),
    write,
    options: {
      flags: parseFlags(argv),
      cwd: "/w",
      warn: (text) => notes.push(text),
      uuid: () => `00000000-0000-4000-8000-${String(++uuids).padStart(12, "0")}`,
      ...options,
    },
  })
  return {
    engine,
    lines,
    notes,
    say(line: Line | string) {
      said.push(typeof line === "string" ? line : JSON.stringify(line))
      wake()
    },
    user(content: unknown, more: Line = {}) {
      this.say({ type: "user", session_id: "", message: { role: "user", content }, parent_tool_use_id: null, ...more })
    },
    request(id: string, request: Line) {
      this.say({ type: "control_request", request_id: id, request })
      return this.until((line) => line.type === "control_response" && responseOf(line).request_id === id).then(
        responseOf,
      )
    },
    answer(request: Line, response: Line) {
      const body = { subtype: "success", request_id: request.request_id, response }
      this.say({ type: "control_response", response: body })
    },
    /** The first line that is meant, already there or to come. */
    until(isMeant: (line: Line) => boolean): Promise<Line> {
      const there = lines.find(isMeant)
      return there ? Promise.resolve(there) : new Promise((resolve) => waiting.push({ isMeant, resolve }))
    },
    /** Closes the host's end; the exit code. */
    end(): Promise<number> {
      isOver = true
      wake()
      return code
    },
  }
}

function responseOf(line: Line): Line {
  return line.response as Line
}
