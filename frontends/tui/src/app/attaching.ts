import type { ProcessId } from "@skein/protocol"
import { terminalPanel } from "../panels/terminal/panel.ts"
import type { Desk } from "./desk.ts"
import { openWanted } from "./open-panel.ts"
import type { SessionLink } from "./session-link.ts"

/** Shows the screen of a process, from what it has said so far on, and gives it the keys. */
export async function attach(processId: ProcessId, link: SessionLink, app: Desk): Promise<void> {
  const wished = await app.front.wished(processId, () => attached(processId, link, app))
  if (wished?.made === undefined) return app.hint("It has ended already.")
  openWanted(wished.made, wished.isWanted, app)
}

async function attached(processId: ProcessId, link: SessionLink, app: Desk) {
  const { sessionId, processes } = link
  const process = processes.get(processId)
  if (process === undefined) return undefined
  const { emulator } = await import("@skein/term/emulator")
  const { name, command, isPty } = process
  const size = { columns: app.canvas.size.columns, rows: Math.max(1, app.canvas.size.rows - 1) }
  let isCaughtUp = false
  const send = (text: string) => {
    // A question of before was answered, or nobody waits for its answer any more.
    if (!isCaughtUp || !isPty) return
    const op = { type: "process.input", sessionId, processId, base64: Buffer.from(text).toString("base64") } as const
    link.submit(op).catch((error: unknown) => app.stumbled(error))
  }
  const terminal = emulator({ size, answer: send, reflows: true })
  let place = 0
  const put = (bytes: Uint8Array) =>
    terminal.write(
      isPty ? bytes : Buffer.from(Buffer.from(bytes).toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1"),
    )
  const waiting: [Uint8Array, number][] = []
  processes.listen(processId, (bytes, to) => {
    if (!isCaughtUp) return void waiting.push([bytes, to])
    put(bytes)
    place = to
    app.canvas.soon()
  })
  if (isPty) await link.submit({ type: "process.resize", sessionId, processId, ...size })
  const said = await link.ask({ type: "process.output", sessionId, processId })
  if (said !== undefined) {
    const bytes = Buffer.from(said.base64, "base64")
    put(bytes)
    place = said.from + bytes.length
  }
  for (const [bytes, to] of waiting) {
    // What was asked for may hold the beginning of what came meanwhile.
    const fresh = Math.min(bytes.length, to - place)
    if (fresh > 0) put(bytes.subarray(bytes.length - fresh))
    place = Math.max(place, to)
  }
  isCaughtUp = true
  return terminalPanel({
    ...{ sessionId, processId, name, command, isPty },
    isRunning: () => processes.get(processId) !== undefined,
    cells: () => terminal.cells(),
    caret: () => terminal.caret(),
    modes: () => terminal.modes,
  })
}
