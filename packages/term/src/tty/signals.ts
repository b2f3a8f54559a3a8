/** What ends a process that does not handle it. */
export type Deadly = "SIGHUP" | "SIGINT" | "SIGTERM" | (typeof QUITS)[number]

/** What the system tells of the terminal, of the job and of the process. */
export interface SignalHandlers {
  resized(): void
  continued(): void
  /** Somebody asks for a stop. It is not done by the signal, which stops nobody who handles it. */
  stopped(): void
  hungUp(): void
  /** Somebody asks the process to end. */
  asked(signal: "SIGINT" | "SIGTERM"): void
  /** The process ends by this. */
  ended(signal: Deadly): void
  /** The process ends, by itself or by a defect that is about to be told. */
  exits(): void
}

/** Has the signals handled, from the beginning on until `off`. */
export class Signals {
  readonly #handlers: SignalHandlers
  readonly #bySignal: Readonly<Record<string, () => void>>

  constructor(handlers: SignalHandlers) {
    this.#handlers = handlers
    this.#bySignal = {
      SIGWINCH: handlers.resized,
      SIGCONT: handlers.continued,
      SIGTSTP: handlers.stopped,
      SIGHUP: handlers.hungUp,
      SIGINT: () => handlers.asked("SIGINT"),
      SIGTERM: () => handlers.asked("SIGTERM"),
      ...Object.fromEntries(QUITS.map((signal) => [signal, () => handlers.ended(signal)])),
    }
    for (const [signal, handler] of Object.entries(this.#bySignal)) process.on(signal, handler)
    process.on("exit", handlers.exits)
    process.on("uncaughtExceptionMonitor", handlers.exits)
    process.on("unhandledRejection", this.#failed)
  }

  /** Whether a stop is handled; else the signal stops the process. */
  set handlesStop(isHandled: boolean) {
    process.off("SIGTSTP", this.#handlers.stopped)
    if (isHandled) process.on("SIGTSTP", this.#handlers.stopped)
  }

  /** By the signal, as if nobody had handled it: whoever started the process is told the truth. */
  die(signal: Deadly): void {
    const handler = this.#bySignal[signal]
    if (handler !== undefined) process.off(signal, handler)
    process.kill(process.pid, signal)
  }

  off(): void {
    for (const [signal, handler] of Object.entries(this.#bySignal)) process.off(signal, handler)
    process.off("exit", this.#handlers.exits)
    process.off("uncaughtExceptionMonitor", this.#handlers.exits)
    process.off("unhandledRejection", this.#failed)
  }

  /** Before a defect is told, so that its words are on the screen that stays. */
  readonly #failed = (error: unknown) => {
    this.#handlers.exits()
    throw error
  }
}

/** The first is that of Ctrl+\. */
const QUITS = ["SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGXCPU"] as const
