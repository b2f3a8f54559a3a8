import { type Engine, type InputPart, jsonLine } from "@skein/protocol"
import { asText, type Json } from "@skein/protocol/json"
import { resolved } from "./command.ts"
import { openSession, readOffer } from "./session.ts"
import type { SessionOptions } from "./session-options.ts"

export interface Printing {
  readonly engine: Engine
  readonly prompt: readonly InputPart[]
  /** Takes one line, without its newline. */
  readonly write: (line: string) => void
  /** `flags.outputFormat` chooses: every line, the result as one object (all lines as one list with `verbose`), or its text. */
  readonly options: SessionOptions
  /** Interrupts the turn; its result is still written. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs one prompt and prints the contract's lines, without a host to answer. Resolves to the exit code: 1 when the
 * result is an error. Throws SkeinError when the session cannot be opened.
 */
export async function printTurn({ engine, prompt, write, options, signal }: Printing): Promise<number> {
  const { outputFormat, verbose, unsupported } = options.flags
  for (const text of unsupported) options.warn?.(text)
  const flags = { ...options.flags, hostAnswers: false }
  const session = await openSession(engine, { ...options, flags }, await readOffer(engine))
  const { sessionId, submit, translator } = session
  const printed: Json[] = []
  const print = (line: Json) => {
    if (outputFormat === "stream-json") write(jsonLine(line))
    else printed.push(line)
  }
  const ended = (line: Json) => {
    if (outputFormat === "json") write(jsonLine(verbose ? printed : line))
    if (outputFormat === "text") write(resultText(line))
    return line.is_error === true ? 1 : 0
  }

  let last: Json = {}
  const send = (line: Json) => {
    last = line
    print(line)
  }
  const command = await resolved({ engine, session, input: prompt, send })
  if (command?.kind === "done") {
    await session.close()
    return ended(last)
  }

  const result = (async () => {
    for await (const event of session.events) {
      await session.before(event, print)
      for (const line of translator.lines(event)) {
        print(line)
        if (line.type === "result") return line
      }
    }
    throw new Error("The session was closed before its turn ended.")
  })()
  // A turn that cannot be submitted is told by its own error, before anybody waits for the result.
  result.catch(() => {})
  await submit(command?.op ?? { type: "turn.submit", sessionId, input: [...prompt], delivery: "start" })
  const stop = () =>
    void submit({ type: "turn.interrupt", sessionId }).catch((error: Error) => options.warn?.(error.message))
  signal?.addEventListener("abort", stop, { once: true })
  if (signal?.aborted) stop()
  const line = await result.finally(() => signal?.removeEventListener("abort", stop))
  await session.close()
  return ended(line)
}

function resultText(line: Json): string {
  return asText(line.result) ?? (Array.isArray(line.errors) ? line.errors.join("\n") : "")
}
