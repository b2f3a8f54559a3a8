import type { Host } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import { UsageError } from "../usage.ts"

const TIMEOUT_MS = 30_000

/** The address of `--submit-url`. Throws UsageError for one that others on the way could read, or that holds a password. */
export function submitAddress(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && url.username === "" && url.password === "" && isPrivate(url)) return url
  throw new UsageError(
    `--submit-url takes an https address without a password, or http of this machine, not ${JSON.stringify(text)}.`,
  )
}

function isPrivate({ protocol, hostname }: URL): boolean {
  const isOwn = hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname)
  return protocol === "https:" || (protocol === "http:" && isOwn)
}

/** Sends a report, once, to nobody but this address. Throws SkeinError `provider.unavailable`, or `provider.refused`. */
export async function submit(report: string, url: URL, host: Host, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS)
  const init: RequestInit = {
    ...{ method: "POST", headers: { "content-type": "application/json" }, body: host.redact(report) },
    // Elsewhere is not where the person said.
    ...{ redirect: "manual", signal: AbortSignal.any([signal, deadline]) },
  }
  let answer: Response
  try {
    answer = await host.sendResults(url.href, init)
  } catch (cause) {
    const why = deadline.aborted ? `no answer came within ${TIMEOUT_MS / 1_000} s` : "it could not be reached"
    throw new SkeinError("provider.unavailable", `The results were not sent to ${url.host}: ${why}.`, { cause })
  }
  await answer.body?.cancel()
  if (answer.ok) return
  const what =
    answer.status >= 300 && answer.status < 400 ? "sent them elsewhere, which is not followed" : "refused them"
  throw new SkeinError("provider.refused", `${url.host} ${what}: it answered ${answer.status} to the results.`)
}
