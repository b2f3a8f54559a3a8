import { type Modes, modeChange, type Size, type Terminal } from "@skein/term"
import { type VirtualTerminal, virtualTerminal } from "@skein/testkit/terminal"

/** A virtual terminal as a process has it. */
export interface PortOnVirtual {
  readonly port: Terminal
  readonly terminal: VirtualTerminal
  /** What was done to it that is no byte. */
  readonly notes: string[]
  /** Written last to have the modes. */
  readonly modesOn: string
  /** Bytes as the terminal sends them. */
  send(bytes: string): void
  /** Somebody asks the process to end. */
  signal(name: "SIGINT" | "SIGTERM"): void
  /** It has that size from now on; where the system's word of it is under way, whoever measures is the first to know. */
  resize(columns: number, rows: number, word?: "told" | "under-way"): Promise<void>
}

/** What the terminal answers goes to `onReply`, else back as it comes. */
export function portOnVirtual(options: Size & { readonly onReply?: (bytes: string) => void }): PortOnVirtual {
  let size: Size = options
  let known = size
  let onInput = (_: Uint8Array): void => undefined
  let onResize = (_: Size): void => undefined
  let onEnd = (_: "SIGINT" | "SIGTERM"): void => undefined
  let modes: Modes = { on: "", off: "" }
  const notes: string[] = []
  const send = (bytes: string) => onInput(new TextEncoder().encode(bytes))
  const terminal = virtualTerminal({ columns: size.columns, rows: size.rows, onReply: options.onReply ?? send })
  const measure = () => {
    if (known === size) return false
    known = size
    onResize(known)
    return true
  }
  const port: Terminal = {
    get size() {
      return known
    },
    isCongested: false,
    measure,
    write: (bytes) => void terminal.write(bytes),
    onInput(handler) {
      onInput = handler
    },
    onResize(handler) {
      onResize = handler
    },
    onEnd(handler) {
      onEnd = handler
    },
    useModes(wanted) {
      void terminal.write(modeChange(modes, wanted))
      modes = wanted
    },
    suspend: () => void notes.push("suspend"),
    ...{ raw() {}, cooked() {}, onStop() {}, onContinue() {}, onHangUp() {}, close() {} },
  }
  return {
    ...{ port, terminal, notes, send },
    get modesOn() {
      return modes.on
    },
    signal: (name) => onEnd(name),
    async resize(columns, rows, word = "told") {
      size = { columns, rows }
      await terminal.resize(columns, rows)
      if (word === "told") measure()
      await terminal.settled()
    },
  }
}
