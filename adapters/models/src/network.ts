import { SkeinError } from "@skein/protocol"
import type { Fetch } from "./tape/tape.ts"

/** How requests leave the machine. Absent fields: as the environment says. */
export interface NetworkOptions {
  /** What reaches the network: a fetch that keeps a record of what leaves. Nothing here reaches it otherwise. */
  readonly through?: Fetch | undefined
  /** For all providers that have none of their own. Absent: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, which Bun's fetch reads. */
  readonly proxy?: string | undefined
  /** A PEM file of certificates to trust besides the usual ones. NODE_EXTRA_CA_CERTS works too, without this. */
  readonly caFile?: string | undefined
}

/**
 * A fetch through the given proxy and with the given certificates: `through` is asked, and told of them. This machine is never asked through a proxy, which
 * Bun would do where NO_PROXY does not say otherwise. Verification is never switched off, whatever the environment says.
 */
export function reaching({ proxy, caFile, through = nothing }: NetworkOptions): Fetch {
  let trusted: Promise<readonly string[]> | undefined
  return async (url, init, about) => {
    const isOwn = isOwnMachine(url)
    if (caFile !== undefined) trusted ??= certificates(caFile)
    const way = isOwn ? { proxy: false } : proxy === undefined ? {} : { proxy }
    const ca = trusted === undefined ? {} : { ca: [...(await trusted)] }
    // Said each time, as NODE_TLS_REJECT_UNAUTHORIZED=0 would else switch it off.
    const tls = url.startsWith("http:") ? {} : { tls: { rejectUnauthorized: true, ...ca } }
    // `proxy: false` is Bun's way to go direct; its types do not know it yet.
    return through(url, { ...init, ...way, ...tls } as RequestInit, about)
  }
}

const nothing: Fetch = () => Promise.reject(new Error("These models were given no way to the network"))

/** Whether an address is of this machine itself. */
export function isOwnMachine(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : ""
  return host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host)
}

/** Giving fetch certificates replaces those it would trust, NODE_EXTRA_CA_CERTS among them, so all are given. */
async function certificates(caFile: string): Promise<readonly string[]> {
  let extra: string
  try {
    extra = await Bun.file(caFile).text()
  } catch (cause) {
    throw new SkeinError("config.invalid", `Cannot read the certificates of network.caFile, ${caFile}.`, { cause })
  }
  if (!extra.includes("-----BEGIN CERTIFICATE-----")) {
    throw new SkeinError("config.invalid", `network.caFile, ${caFile}, holds no PEM certificate.`)
  }
  const { getCACertificates } = await import("node:tls")
  return [...getCACertificates("default"), extra]
}
