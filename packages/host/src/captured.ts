import { type Projection, projected } from "@skein/core/projection"
import { type DurableEvent, visible } from "@skein/protocol"
import type { Host } from "./host.ts"
import { estimatedTokens, systemClock, systemRandom } from "./world.ts"

export interface CapturedHow {
  readonly wire?: string | undefined
  readonly bytesMax?: number | undefined
}

/** What a captured stream of a provider would have been in a session. Nothing is asked, run or kept. */
export async function readCaptured(
  host: Pick<Host, "models">,
  stream: Uint8Array,
  how: CapturedHow,
): Promise<Projection & { readonly wire: string }> {
  const { wire, bursts } = await host.models.captured(stream, how)
  const ports = { clock: systemClock, random: systemRandom, tokens: estimatedTokens }
  return { wire, ...(await projected(bursts, ports)) }
}

/** It in lines for a person. */
export function capturedLines({ wire, events, usage, stop }: Projection & { readonly wire: string }): string[] {
  const { input, cacheRead, cacheWrite, output, reasoning, isEstimated } = usage
  return [
    `wire       ${wire}`,
    ...events.flatMap(lineOf),
    `stop       ${stop}`,
    `tokens     ${input} in, ${cacheRead} from the cache, ${cacheWrite} into it, ${output} out, ${reasoning} of them thoughts${isEstimated === true ? " (estimated)" : ""}`,
  ].map(visible)
}

function lineOf(event: DurableEvent): readonly string[] {
  switch (event.type) {
    case "item.completed":
      return [
        `${event.kind === "reasoning" ? "reasoning " : "message   "} ${event.text.length} characters: ${beginning(event.text)}`,
      ]
    case "hosted_call.completed":
      return [`search     ${event.action.query ?? event.action.url ?? ""}, ${event.sources.length} pages`]
    case "call.requested":
      return [
        `call       ${event.name} ${beginning(event.inputText ?? JSON.stringify(event.input))}${event.defect === undefined ? "" : ` (${event.defect.message})`}`,
      ]
    default:
      return []
  }
}

const SHOWN_CHARS = 100

function beginning(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim()
  return line.length > SHOWN_CHARS ? `${line.slice(0, SHOWN_CHARS)}…` : line
}
