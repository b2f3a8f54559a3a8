import type { Engine, SessionId, SessionSummary, Settings } from "@skein/protocol"
import { accepted } from "@skein/protocol"
import { type Modes, modeChange, type Terminal } from "@skein/term"
import { type ScriptedModel, TEST_SETTINGS, testEngine } from "@skein/testkit"
import { type VirtualTerminal, virtualTerminal } from "@skein/testkit/terminal"
import {
  type Asking,
  type Connected,
  DEFAULT_SETTINGS,
  type Glance,
  type Left,
  noSystem,
  runTui,
  type SystemPort,
  type TuiOptions,
  type TuiSettings,
} from "../src/index.ts"

export interface SittingOptions {
  readonly columns?: number
  readonly rows?: number
  /** Over a terminal of UTF-8. */
  readonly env?: Readonly<Record<string, string>>
  readonly ports?: Parameters<typeof testEngine>[1]
  readonly settings?: Partial<Settings>
  readonly tui?: Partial<TuiSettings>
  readonly system?: Partial<SystemPort>
  /** Milliseconds; else a second passes before each time that something is typed. */
  readonly now?: () => number
  /** Sent when the session is open. */
  readonly prompt?: string
  /** Before the session is open. */
  readonly first?: (asking: Asking) => Promise<void>
  /** What is seen of the folder before an engine is made; else one is made at once. */
  readonly glance?: {
    readonly session: Glance["session"]
    /** An error: it cannot be had. */
    readonly recent: readonly Pick<SessionSummary, "title" | "preview" | "updatedAt">[] | Error
    readonly follow?: Glance["follow"]
  }
  readonly keepTheme?: TuiOptions["keepTheme"]
  /** Once there is an engine. */
  readonly onSettings?: Connected["onSettings"]
  /** In the place of the one that would be made. */
  readonly engine?: Engine
  /** An engine that was used before, and its session. */
  readonly again?: { readonly engine: Engine; readonly sessionId: SessionId }
}

/** A person at a virtual terminal, with an engine of fakes behind it. */
export interface Sitting {
  readonly terminal: VirtualTerminal
  readonly engine: Engine
  readonly left: Promise<Left>
  /** Keys as bytes, as a terminal sends them. */
  type(bytes: string): Promise<void>
  resize(columns: number, rows: number): Promise<void>
  /** Somebody asks the process to end. */
  signal(name: "SIGINT" | "SIGTERM"): void
  /** The screen once it holds the text; fails with the screen as it is. */
  until(text: string): Promise<string>
  screen(): string
  /** Waits for what no text tells. */
  when(isSo: () => boolean): Promise<void>
  leave(): Promise<Left>
}

const CTRL_C = "\u0003"
const CTRL_D = "\u0004"

/** Twenty times what it takes. */
const PATIENCE_MS = 10_000

export async function sit(model: ScriptedModel, options: SittingOptions = {}): Promise<Sitting> {
  const { columns = 80, rows = 24, again } = options
  let size = { columns, rows }
  let onInput = (_: Uint8Array): void => undefined
  const answered = (bytes: string) => onInput(new TextEncoder().encode(bytes))
  const terminal = virtualTerminal({ columns, rows, onReply: answered })
  let signal = (_: "SIGINT" | "SIGTERM"): void => undefined
  let onResize = (_: typeof size): void => undefined
  let modes: Modes = { on: "", off: "" }
  const port: Terminal = {
    get size() {
      return size
    },
    isCongested: false,
    measure: () => false,
    write: (bytes) => void terminal.write(bytes),
    onInput: (handler) => {
      onInput = handler
    },
    onResize: (handler) => {
      onResize = handler
    },
    ...{
      raw() {},
      cooked() {},
      useModes(wanted: Modes) {
        void terminal.write(modeChange(modes, wanted))
        modes = wanted
      },
      suspend() {},
      onStop() {},
      onContinue() {},
      onHangUp() {},
      onEnd: (handler: typeof signal) => {
        signal = handler
      },
      close() {},
    },
  }
  const engine = again?.engine ?? options.engine ?? testEngine(model, options.ports)
  let now = 0
  const left = runTui({
    terminal: port,
    system: { ...noSystem, ...options.system },
    env: { TERM: "xterm-256color", LANG: "C.UTF-8", ...options.env },
    version: "1.2.3",
    cwd: "/srv/shop",
    home: "/srv",
    now: options.now ?? (() => now),
    screen: "inline",
    keepTheme: options.keepTheme,
    prompt: options.prompt === undefined ? undefined : [{ type: "text", text: options.prompt }],
    glance: async () =>
      options.glance && {
        settings: { ...DEFAULT_SETTINGS, ...options.tui },
        session: options.glance.session,
        follow: options.glance.follow,
        recent: async () => {
          const { recent = [] } = options.glance ?? {}
          if (recent instanceof Error) throw recent
          return recent
        },
      },
    async connect(asking) {
      await options.first?.(asking)
      const create = async (cwd: string) =>
        (
          await accepted(engine, {
            type: "session.create",
            cwd,
            isInteractive: true,
            settings: { ...TEST_SETTINGS, ...options.settings },
          })
        ).sessionId
      const sessionId = again?.sessionId ?? (await create("/srv/shop"))
      return {
        engine,
        clientId: "cli_test",
        sessionId,
        isNew: again === undefined,
        settings: { ...DEFAULT_SETTINGS, ...options.tui },
        onSettings: options.onSettings,
        create,
      }
    },
  })
  const screen = () => terminal.screen().join("\n").trimEnd()
  const waited = async (isSo: () => boolean, what: string) => {
    const giveUpAt = Date.now() + PATIENCE_MS
    while (!isSo()) {
      if (Date.now() > giveUpAt) throw new Error(`${what} never came; there is:\n${screen()}`)
      await Bun.sleep(5)
      await terminal.settled()
    }
  }
  const type = async (bytes: string) => {
    now += 1_000
    onInput(new TextEncoder().encode(bytes))
    await terminal.settled()
  }
  return {
    terminal,
    engine,
    left,
    screen,
    type,
    signal: (name) => signal(name),
    async resize(newColumns, newRows) {
      size = { columns: newColumns, rows: newRows }
      await terminal.resize(newColumns, newRows)
      onResize(size)
      await terminal.settled()
    },
    async until(text) {
      await waited(() => screen().includes(text), JSON.stringify(text))
      return screen()
    },
    when: (isSo) => waited(isSo, String(isSo)),
    async leave() {
      await type(CTRL_C)
      await type(CTRL_D)
      return left
    },
  }
}
