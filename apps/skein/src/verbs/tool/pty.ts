import type { Host } from "@skein/host"
import { type Event, type EventOf, type Op, processEnding, type Receipt, visible } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { interruptible } from "../../session/signals.ts"
import type { Run, VerbCall } from "../../verb.ts"
import { UNATTENDED } from "../print.ts"
import { exitCodeFor, lineOf, type Requested, requested, textOf } from "./request.ts"
import { type Step, stepOf } from "./steps.ts"

const SIZE = { columns: 80, rows: 24 }
/** For what a script's last step comes to. */
const FINISH_MS = 2_000

/** `skein tool pty`, and `pty-live-smoke` where steps are given: a program in a terminal, to its end. */
export const run: Run = (call) =>
  withHost(
    call,
    async ({ call: asking, host, cwd }) => {
      const steps = asking.flags.list("step").map(stepOf)
      const input = { action: "start", command: lineOf(asking), terminal: true, ...SIZE }
      const made = await requested(asking, { host, cwd }, { name: "process", input })
      const tell = teller(asking)
      const started = made.seen.find((event): event is EventOf<"process.started"> => event.type === "process.started")
      if (started === undefined) {
        await made.done()
        const { outcome, settled } = made
        tell({ event: "request", outcome, sessionId: made.sessionId, message: textOf(settled) })
        return exitCodeFor(outcome, 1)
      }
      const { processId, confinement } = started
      tell({ event: "request", outcome: "spawned", sessionId: made.sessionId, processId, confinement })
      const live = new Live({ made, started, host, tell })
      const interrupt = interruptible(asking.io)
      interrupt.signal.addEventListener("abort", () => void live.op({ type: "process.end" }), { once: true })
      try {
        for (const step of steps) await live.perform(step)
        if (steps.length > 0) await live.finish()
        const exited = await live.exited
        await live.report(exited)
        return interrupt.signal.aborted ? interrupt.exitCode : (exited.exitCode ?? 1)
      } finally {
        interrupt.done()
        await made.done()
      }
    },
    UNATTENDED,
  )

type Tell = (line: Readonly<Record<string, unknown>>) => void

/** One JSON object a line, or what the program said and a note for what went wrong. */
function teller({ io, flags }: VerbCall): Tell {
  if (flags.has("json")) return (line) => io.out(JSON.stringify(line))
  return (line) => {
    if (typeof line.output === "string") io.text(visible(plain(line.output)))
    if (line.outcome === "pending_approval") io.err("note    --approved runs what a person would be asked about.")
    if (line.outcome !== undefined && line.outcome !== "spawned") io.err(visible(String(line.message ?? line.outcome)))
    if (line.event === "exited") io.err(`note    It ${String(line.how)}, after ${String(line.bytes)} bytes.`)
  }
}

/** Without what moves a cursor or colours: a person reads lines. */
function plain(output: string): string {
  return output.replace(SEQUENCES, "").replaceAll("\r\n", "\n")
}

const ESCAPE = "\u001b"
const SEQUENCES = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007${ESCAPE}]*(?:\u0007|${ESCAPE}\\\\)|[ -/]*[0-~])`,
  "g",
)

type ProcessOp =
  | { readonly type: "process.input"; readonly base64: string }
  | { readonly type: "process.resize"; readonly columns: number; readonly rows: number }
  | { readonly type: "process.signal"; readonly signal: "SIGKILL" }
  | { readonly type: "process.close" | "process.end" }

interface LiveParts {
  readonly made: Requested
  readonly started: EventOf<"process.started">
  readonly host: Host
  readonly tell: Tell
}

/** A program that runs in a terminal, one step after the other. */
class Live {
  readonly exited: Promise<EventOf<"process.exited">>
  readonly #parts: LiveParts
  /** What it said since that was told last. */
  #waiting: Uint8Array[] = []
  #bytes = 0

  constructor(parts: LiveParts) {
    this.#parts = parts
    for (const event of parts.made.seen) this.#hear(event)
    this.exited = this.#follow()
  }

  async op(op: ProcessOp): Promise<Receipt> {
    const { made, started, host } = this.#parts
    const whose = { sessionId: made.sessionId, processId: started.processId }
    return host.engine.submit({ ...op, ...whose } as Op)
  }

  async perform(step: Step): Promise<void> {
    const receipt = await this.#receipt(step)
    const refused = receipt?.status === "rejected" ? { outcome: "error", message: receipt.message } : { outcome: "ok" }
    const size = step.kind === "input" ? { inputBytes: Buffer.byteLength(step.text) } : {}
    const output = this.#take()
    const said = output === "" ? {} : { output }
    this.#parts.tell({ event: "step", step: step.kind, ...size, ...refused, bytes: this.#bytes, ...said })
  }

  /** All that it said, and how it ended. */
  async report(exited: EventOf<"process.exited">): Promise<void> {
    const { processId, exitCode, signal, bytes } = exited
    const output = this.#take()
    const said = output === "" ? {} : { output }
    this.#parts.tell({ event: "exited", processId, exitCode, signal, bytes, how: processEnding(exited), ...said })
  }

  /** The script is over: what does not end by itself is ended. */
  async finish(): Promise<void> {
    const isOver = await Promise.race([this.exited.then(() => true), Bun.sleep(FINISH_MS).then(() => false)])
    if (!isOver) await this.op({ type: "process.end" })
  }

  async #receipt(step: Step): Promise<Receipt | undefined> {
    switch (step.kind) {
      case "input":
        return this.op({ type: "process.input", base64: Buffer.from(step.text).toString("base64") })
      case "resize":
        return this.op({ type: "process.resize", columns: step.columns, rows: step.rows })
      case "close":
        return this.op({ type: "process.close" })
      case "kill":
        return this.op({ type: "process.signal", signal: "SIGKILL" })
      case "drain":
        await Promise.race([Bun.sleep(step.ms), this.exited])
        return undefined
    }
  }

  async #follow(): Promise<EventOf<"process.exited">> {
    const { made, started } = this.#parts
    const known = made.seen.find((event) => event.type === "process.exited" && event.processId === started.processId)
    if (known?.type === "process.exited") return known
    for (let event = await made.next(); event !== undefined; event = await made.next()) {
      this.#hear(event)
      if (event.type === "process.exited" && event.processId === started.processId) return event
    }
    throw new Error("A process that was started has an end in the log")
  }

  #hear(event: Event): void {
    if (event.type !== "process.output" || event.processId !== this.#parts.started.processId) return
    this.#waiting.push(Buffer.from(event.base64, "base64"))
    this.#bytes = event.bytes
  }

  #take(): string {
    const text = Buffer.concat(this.#waiting).toString()
    this.#waiting = []
    return text
  }
}
