import { readFile } from "node:fs/promises"
import { SkeinError } from "@skein/protocol"
import type { Fetch } from "./tape/tape.ts"

/** How requests leave the machine. Absent fields: as the environment says. */
export interface NetworkOptions {
  /** For all providers that have none of their own. Absent: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, which Bun's fetch reads. */
  readonly proxy?: string | undefined
  /** A PEM file of certificates to trust besides the usual ones. NODE_EXTRA_CA_CERTS works too, without this. */
  readonly caFile?: string | undefined
}

/** A fetch through the given proxy and with the given certificates. Verification is never switched off. */
export function reaching(options: NetworkOptions): Fetch {
  const { proxy, caFile } = options
  if (proxy === undefined && caFile === undefined) return (url, init) => fetch(url, init)
  let trusted: Promise<readonly string[]> | undefined
  return async (url, init) => {
    if (caFile !== undefined) trusted ??= certificates(caFile)
    const tls = trusted === undefined ? undefined : { ca: [...(await trusted)] }
    return fetch(url, { ...init, ...(proxy === undefined ? {} : { proxy }), ...(tls === undefined ? {} : { tls }) })
  }
}

/** Giving fetch certificates replaces the usual ones, so both are given. */
async function certificates(caFile: string): Promise<readonly string[]> {
  let extra: string
  try {
    extra = await readFile(caFile, "utf8")
  } catch (cause) {
    throw new SkeinError("config.invalid", `Cannot read the certificates of network.caFile, ${caFile}.`, { cause })
  }
  if (!extra.includes("-----BEGIN CERTIFICATE-----")) {
    throw new SkeinError("config.invalid", `network.caFile, ${caFile}, holds no PEM certificate.`)
  }
  const { rootCertificates } = await import("node:tls")
  return [...rootCertificates, extra]
}
