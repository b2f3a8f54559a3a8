import type { ModelChunk, ModelRequest } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { type Asked, ask } from "../ask.ts"
import { withoutPictures } from "../pictures.ts"
import { baseUrlOf } from "../providers/address.ts"
import { targetOf } from "../target.ts"
import { windowInWords } from "../windows.ts"
import type { Autopsy, Subject } from "./autopsy.ts"
import type { KeptQuirks } from "./kept.ts"
import { type Change, joined } from "./quirk.ts"
import { witness } from "./witness.ts"

export interface Quirks {
  readonly kept: KeptQuirks
  /** `YYYY-MM-DD`. */
  today(): string
  /** Loaded with the first refusal. */
  autopsy(): Promise<Autopsy>
  /** Undefined until something was refused. */
  readonly begun: Autopsy | undefined
}

/**
 * Asks once, with what was learned of this model and its server laid over the request. A request that the server refuses
 * as it is ends with `provider.quirk_found` as long as there is something to change, and the next attempt is asked with it.
 */
export async function* askWithQuirks(
  asked: Asked,
  request: ModelRequest,
  signal: AbortSignal,
  quirks: Quirks,
): AsyncGenerator<readonly ModelChunk[]> {
  if ("package" in asked.row) return yield* ask(asked, request, signal)
  const { row } = asked
  const about = subjectOf(asked, request)
  const subject = { ...about, tried: quirks.begun?.trying(about) }
  const change = changeFor(subject, quirks)
  const seen = witness(asked.sending.fetch, change.edits ?? [])
  const changed = { ...asked, quirk: change.dialect, sending: { ...asked.sending, fetch: seen.fetch } }
  const target = () => targetOf(row, asked.modelId, changed)
  let isTaken = false
  try {
    const sent = change.dialect?.lacksImages === true ? withoutPictures(request) : request
    for await (const chunks of ask(changed, sent, signal)) {
      const learned = isTaken ? undefined : quirks.begun?.passed(subject, target())
      isTaken = true
      if (learned !== undefined) yield [{ type: "notice", code: "provider.quirk_found", text: learned }]
      yield chunks
    }
  } catch (error) {
    if (error instanceof SkeinError && error.code === "provider.context_exceeded")
      noteWindow(error, subject, asked, quirks)
    const refused = seen.refused()
    const isOurs = error instanceof SkeinError && error.code === "provider.invalid_request" && refused !== undefined
    if (!isOurs) throw error
    throw (await quirks.autopsy()).refused(subject, error, refused, target())
  }
}

/**
 * A provider that names its window when it refuses is believed, where nobody knew it or took it for larger: from here on
 * there is room before it refuses. What the person set stays.
 */
function noteWindow({ message }: SkeinError, { model, host }: Subject, { info }: Asked, { kept, today }: Quirks): void {
  const contextTokens = windowInWords(message)
  if (contextTokens === undefined || (info.contextTokens ?? Infinity) <= contextTokens) return
  const change = joined([kept.of(model, host) ?? {}, { contextTokens }])
  kept.keep({ model, host, date: today(), said: message.slice(0, 240), change })
}

/** Known first, and what is tried over it. */
function changeFor({ model, host, tried }: Subject, { kept }: Quirks): Change {
  return joined([kept.of(model, host), tried].filter((change) => change !== undefined))
}

function subjectOf({ row, modelId, env, credential }: Asked, { cacheKey }: ModelRequest): Subject {
  return { model: `${row.id}/${modelId}`, host: hostOf(baseUrlOf(row, env, credential)), sessionId: cacheKey }
}

export function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl
}
