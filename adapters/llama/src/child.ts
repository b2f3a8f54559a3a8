import type { ChatBody, ChatLine, FromRunner, RunnerPlan, ToRunner } from "./runner/chat.ts"

/** A process that runs one model. */
export interface Runner {
  readonly plan: RunnerPlan
  /** Settles when the model is loaded. Rejects with what is wrong, as does every reply then. */
  readonly ready: Promise<{ readonly contextTokens: number }>
  /** The lines of one reply. Throws when the process ends before its reply does. */
  chat(body: ChatBody, signal: AbortSignal): AsyncGenerator<ChatLine, void, undefined>
  readonly isGone: boolean
  /** Ends the process. */
  close(): void
}

/** A reply that does not stop within this time ends with the process: one batch of a large model may take long. */
const STOP_MS = 2_000
const COMPLAINT_CHARS_MAX = 2_000
/** A call of a tool is the longest thing that is said in one line. */
const LINE_CHARS_MAX = 4 * 1024 * 1024

/** Starts a model. `command` is what runs `runRunner`. */
export function runner(command: readonly string[], plan: RunnerPlan, env: Readonly<Record<string, string>>): Runner {
  const child = Bun.spawn([...command], {
    // Whatever folder skein works in has no say in this process.
    ...{ cwd: plan.runtimeFolder, env: { ...env }, stdin: "pipe", stdout: "pipe", stderr: "pipe" },
  })
  child.unref()
  const replies = new Map<number, Reply>()
  /** What to do when a reply has stopped that was asked to. */
  const stopping = new Map<number, () => void>()
  const { promise: ready, resolve, reject } = Promise.withResolvers<{ readonly contextTokens: number }>()
  // Whoever asks for a reply waits for it, and hears of it.
  ready.catch(unheard)
  let isGone = false
  let nextId = 1
  let complaint = ""
  const complaining = (async () => {
    for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
      complaint = (complaint + piece).slice(-COMPLAINT_CHARS_MAX)
    }
  })()
  const listening = (async () => {
    for await (const text of linesOf(child.stdout, LINE_CHARS_MAX)) {
      const line = JSON.parse(text) as FromRunner
      if ("ready" in line) resolve(line.ready)
      else if ("failed" in line) reject(new Error(line.failed))
      else if ("stopped" in line) stopping.get(line.stopped)?.()
      else replies.get(line.id)?.push(line.line)
    }
  })().catch((error: unknown) => {
    // What speaks another way is no runner any more, and would never be understood again.
    complaint = `What it said cannot be understood: ${error instanceof Error ? error.message : String(error)}`
    child.kill("SIGKILL")
  })
  const ended = (async () => {
    await Promise.allSettled([listening, complaining, child.exited])
    isGone = true
    const last = complaint.trim().split("\n").at(-1) ?? ""
    const how = child.signalCode ?? `exit code ${child.exitCode}`
    const error = new Error(`The process that runs the model ended (${how})${last === "" ? "" : `: ${last}`}`)
    reject(error)
    for (const reply of replies.values()) reply.fail(error)
  })()
  ended.catch(unheard)
  write(plan)

  function write(message: ToRunner | RunnerPlan): void {
    child.stdin.write(`${JSON.stringify(message)}\n`)
    child.stdin.flush()
  }

  return {
    plan,
    ready,
    async *chat(body, signal) {
      await ready
      signal.throwIfAborted()
      const id = nextId++
      const reply = replyOf()
      replies.set(id, reply)
      let isWhole = false
      const stop = () => reply.fail(signal.reason)
      signal.addEventListener("abort", stop, { once: true })
      try {
        write({ id, chat: body })
        for (;;) {
          const line = await reply.next()
          isWhole = "error" in line || line.done
          yield line
          if (isWhole) return
        }
      } finally {
        signal.removeEventListener("abort", stop)
        replies.delete(id)
        if (!isWhole && !isGone) halt(id)
      }
    },
    get isGone() {
      return isGone
    },
    close: () => child.kill("SIGKILL"),
  }

  /** Asked to stop, and made to when it does not. */
  function halt(id: number): void {
    write({ id, stop: true })
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS)
    timer.unref()
    stopping.set(id, () => clearTimeout(timer))
  }
}

/** For a promise whose failure is told to everyone who uses what it was for. */
function unheard(): void {}

interface Reply {
  push(line: ChatLine): void
  fail(error: unknown): void
  next(): Promise<ChatLine>
}

function replyOf(): Reply {
  const lines: ChatLine[] = []
  let failure: { readonly error: unknown } | undefined
  let wake: (() => void) | undefined
  const woken = () => {
    wake?.()
    wake = undefined
  }
  return {
    push(line) {
      lines.push(line)
      woken()
    },
    fail(error) {
      failure ??= { error }
      woken()
    },
    async next() {
      for (;;) {
        if (failure !== undefined) throw failure.error
        const line = lines.shift()
        if (line !== undefined) return line
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

/** The whole lines of a stream. Throws for one that is longer than `charsMax`. */
export async function* linesOf(
  stream: ReadableStream<Uint8Array>,
  charsMax = Number.POSITIVE_INFINITY,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const bytes of stream) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n")
    rest = parts.pop() ?? ""
    if (rest.length > charsMax) throw new Error("a line has no end")
    for (const part of parts) if (part !== "") yield part
  }
}
