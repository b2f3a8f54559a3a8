import { closeSync, constants, readdirSync, readlinkSync } from "node:fs"
import { constants as osConstants } from "node:os"
import { ToolFailure } from "@skein/core/ports"
import { reach } from "../paths.ts"
import { openLibrary } from "../pipe.ts"
import type { OnOutput, Streams } from "./streams.ts"

/** A pseudo-terminal, from the side of whoever sits before it. */
export interface TerminalStreams extends Streams {
  resize(columns: number, rows: number): void
  /** Tells whatever runs in its foreground; false where that cannot be done. */
  signalForeground(name: NodeJS.Signals): boolean
}

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** What a terminal sends for Ctrl-D. */
const END_OF_FILE = "\x04"
/** The last bytes come through a worker of the kernel; after this long without any there are none. */
const QUIET_MS = 10

/** `open` makes the terminal, or starts a process that has one. */
export function terminalStreams(
  { columns, rows }: TerminalSize,
  onOutput: OnOutput,
  open: (options: Bun.TerminalOptions) => OpenTerminal,
): TerminalStreams {
  let isOver = false
  let lastAt = 0
  const { terminal, other, signal } = open({
    cols: columns,
    rows,
    name: "xterm-256color",
    data(_, bytes) {
      lastAt = performance.now()
      // The runtime uses its buffer again.
      if (!isOver) onOutput(bytes.slice(), "stdout")
    },
  })
  return {
    theirs: [other ?? -1, other ?? -1, other ?? -1],
    handedOver: () => {
      if (other !== undefined) closeSync(other)
    },
    async write(bytes) {
      if (isOver) throw new ToolFailure("It has ended.")
      terminal.write(bytes)
    },
    closeInput: () => {
      if (!isOver) terminal.write(END_OF_FILE)
    },
    resize: (newColumns, newRows) => {
      if (!isOver) terminal.resize(newColumns, newRows)
    },
    signalForeground: (name) => !isOver && signal?.(name) === true,
    async finish(ms) {
      const until = performance.now() + ms
      lastAt = Math.max(lastAt, performance.now())
      while (performance.now() < until && performance.now() - lastAt < QUIET_MS) await Bun.sleep(QUIET_MS / 2)
      isOver = true
      terminal.close()
    },
  }
}

export interface OpenTerminal {
  readonly terminal: Bun.Terminal
  /** The end that a process gets which is started elsewhere. */
  readonly other?: number | undefined
  /** Sends a signal to its foreground's group; false when there is none. */
  readonly signal?: ((name: NodeJS.Signals) => boolean) | undefined
}

/** See ioctl_tty(2): the other end as a descriptor, by no path; a signal to the foreground's group. */
const TIOCGPTPEER = 0x5441n
const TIOCSIG = 0x40045436n
const O_CLOEXEC = 0o2000000

/** Opens terminals whose other end can be handed over. Linux only. */
export async function terminalOpener(): Promise<(options: Bun.TerminalOptions) => OpenTerminal> {
  const { symbols } = await openLibrary({ ioctl: { args: ["i32", "u64", "u64"], returns: "i32" } })
  const flags = BigInt(constants.O_RDWR | constants.O_NOCTTY | O_CLOEXEC)
  return (options) => {
    const before = multiplexers()
    const terminal = new Bun.Terminal(options)
    // The runtime does not tell its descriptor; nothing else can have opened one meanwhile.
    const ours = multiplexers().find((fd) => !before.includes(fd))
    const other = ours === undefined ? -1 : symbols.ioctl(ours, TIOCGPTPEER, flags)
    if (ours === undefined || other < 0) {
      terminal.close()
      throw new ToolFailure("No terminal can be opened here: the system gave none.")
    }
    return { terminal, other, signal: (name) => symbols.ioctl(ours, TIOCSIG, BigInt(osConstants.signals[name])) === 0 }
  }
}

function multiplexers(): readonly number[] {
  const isOne = (name: string) => /\/ptmx$/.test(reach(() => readlinkSync(`/proc/self/fd/${name}`)) ?? "")
  return readdirSync("/proc/self/fd").filter(isOne).map(Number)
}
