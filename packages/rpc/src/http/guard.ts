import { createHash, timingSafeEqual } from "node:crypto"
import type { IncomingMessage } from "node:http"

export interface Guarded {
  /** Without it nothing but /health is answered. Never empty. */
  readonly token: string
  /** What this server may be called by, with its port: `127.0.0.1:8808`. */
  readonly hosts: readonly string[]
}

export interface Refused {
  readonly status: number
  readonly message: string
}

/**
 * Why a request is not let in; undefined when it is. In this order: a browser that a page led here (a name that somebody else
 * gave this address, or any page's origin: none of ours is served), then whoever has no token.
 */
export function refusal(request: IncomingMessage, { token, hosts }: Guarded): Refused | undefined {
  const host = request.headers.host ?? ""
  // Told twice, it could be one name to us and another to whoever is in between.
  const isToldOnce = (request.headersDistinct.host ?? []).length === 1
  if (!isToldOnce || !hosts.includes(host.toLowerCase())) {
    return { status: 403, message: `This server is not called ${JSON.stringify(host.slice(0, 200))}.` }
  }
  if (request.headers.origin !== undefined) return { status: 403, message: "Pages of a browser are not served." }
  if (isOpen(request)) return undefined
  if (!isSame(bearerOf(request), token)) {
    return { status: 401, message: "Send the token of this server: Authorization: Bearer …" }
  }
  return undefined
}

/** The one path that tells nothing but that somebody is there. */
function isOpen({ method, url }: IncomingMessage): boolean {
  return url === "/health" && (method === "GET" || method === "HEAD")
}

function bearerOf(request: IncomingMessage): string {
  const [, token = ""] = /^Bearer +([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? "") ?? []
  return token
}

/** As long for every wrong token, whatever its length: what is compared are digests. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest()
  return timingSafeEqual(digest(given), digest(token)) && token !== ""
}
