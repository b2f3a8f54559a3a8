import { EXIT } from "@skein/headless"
import { compose } from "@skein/host"
import { runLines } from "@skein/lines"
import type { InputPart } from "@skein/protocol"
import { openSession, type Which } from "../session/open.ts"
import { hostRequest } from "../session/request.ts"
import { askTrust, ioAsker, recordTrust } from "../session/trust.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/** A person at a terminal, a line at a time. */
export const run: Run = async (call) => {
  const id = call.flags.text("resume")
  if (id !== undefined) return resume(call, { kind: "named", id })
  return resume(call, call.flags.has("continue") ? { kind: "last", isAnywhere: false } : { kind: "new" })
}

/** Goes on with a session; `prompt` is the first thing said. Throws UsageError for images, which no line holds. */
export async function resume({ flags, io }: VerbCall, which: Which, prompt?: readonly InputPart[]): Promise<number> {
  const first = prompt === undefined ? undefined : textOf(prompt)
  const request = hostRequest(flags, io)
  const host = compose(request)
  let signalled: "SIGINT" | "SIGTERM" | undefined
  try {
    for (const warning of host.warnings) io.err(`note    ${warning}`)
    const isNew = which.kind === "new"
    const decided = isNew ? await askTrust(host, ioAsker(io), request.cwd) : undefined
    const sessionId = await openSession({ host, which, cwd: request.cwd, isInteractive: true, flags, io })
    const { settings, cwd } = await host.engine.ask({ type: "session.read", sessionId })
    await recordTrust(host, sessionId, isNew ? decided : await askTrust(host, ioAsker(io), cwd))
    io.out(`skein · ${settings.model} · ${settings.mode} · ${settings.sandbox} · /help`)
    await runLines({
      engine: host.engine,
      sessionId,
      clientId: "cli_lines",
      input: io.inputLines(),
      first,
      isEchoing: io.isInputTerminal && io.isOutputTerminal,
      write: (text) => io.text(text),
      onSignal: (handler) =>
        io.onSignal((signal) => {
          signalled = signal
          handler(signal)
        }),
      now: () => performance.now(),
      columns: () => io.columns(),
      isNew,
    })
    return signalled === "SIGTERM" ? EXIT.ended : EXIT.completed
  } finally {
    await host.close()
  }
}

function textOf(prompt: readonly InputPart[]): string {
  const texts = prompt.map((part) => {
    if (part.type === "text") return part.text
    throw new UsageError("An image cannot be shown a line at a time. Say -p, and the answer is printed.")
  })
  return texts.join("\n")
}
