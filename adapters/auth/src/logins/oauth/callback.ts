import { randomText } from "./pkce.ts"
import type { Redirect } from "./redirect.ts"

/** Where a browser of this machine, or one at the near end of a tunnel, is sent after the login. */
export interface Callback {
  readonly port: number
  /** The answer to this login; others are refused and not waited for. */
  readonly redirect: Promise<Exclude<Redirect, { kind: "other" }>>
  /** An address of this machine that nobody can guess, which sends a browser there. */
  leadTo(page: string): string
  /** Ends when the browser has its page, or a moment later. */
  close(): Promise<void>
}

/** A browser may hold a connection open for nothing. */
const CLOSE_MS = 500

export interface CallbackOptions {
  /** 0 is any that is free. */
  readonly ports: readonly number[]
  readonly path: string
  /** How this machine is called. By its number it is only listened on there. */
  readonly host: "localhost" | "127.0.0.1"
  /** What an address means. */
  readonly read: (url: string, port: number) => Redirect
}

/**
 * Listens on this machine alone, on the first port that is free, for one request (RFC 8252 §7.3). Undefined: none of the ports
 * is free, or none may be opened.
 */
export function callback({ ports, path, host, read }: CallbackOptions): Callback | undefined {
  const { promise, resolve } = Promise.withResolvers<Exclude<Redirect, { kind: "other" }>>()
  const start = `/${randomText()}`
  let isDone = false
  let page: string | undefined
  for (const asked of ports) {
    let port = asked
    const answer = (request: Request): Response => {
      const url = new URL(request.url)
      // A page of another name that leads here is none that the login server sent.
      if (!isOwnName(request.headers.get("host"), port))
        return told(403, "This address is for logging in to skein alone.")
      if (request.method === "GET" && url.pathname === start && page !== undefined) return sentTo(page)
      if (request.method !== "GET" || url.pathname !== path) return told(404, "There is nothing here.")
      if (isDone) return told(410, "This login is over.")
      const redirect = read(`http://${host}:${port}${path}${url.search}`, port)
      if (redirect.kind === "other") return told(400, `This is not the login that skein waits for: ${redirect.reason}.`)
      isDone = true
      resolve(redirect)
      return redirect.kind === "code"
        ? told(200, "You are logged in. You can close this page and go back to skein.")
        : told(200, "You are not logged in: it was refused. You can close this page.")
    }
    const servers = (host === "localhost" ? ["127.0.0.1", "::1"] : ["127.0.0.1"]).flatMap(
      (hostname) => listening(hostname, port, answer) ?? [],
    )
    const own = servers.find(({ hostname }) => hostname === "127.0.0.1")
    // Browsers try this address in any case. Who has the other one gets a code, and not the secret that belongs to it.
    if (own !== undefined) {
      port = own.port ?? port
      const leadTo = (to: string) => {
        page = to
        return `http://127.0.0.1:${port}${start}`
      }
      return { port, redirect: promise, leadTo, close: () => closed(servers) }
    }
    for (const server of servers) void server.stop(true)
  }
  return undefined
}

type Server = ReturnType<typeof Bun.serve>

async function closed(servers: readonly Server[]): Promise<void> {
  await Promise.race([Promise.all(servers.map((server) => server.stop())), Bun.sleep(CLOSE_MS)])
  await Promise.all(servers.map((server) => server.stop(true)))
}

function listening(hostname: string, port: number, fetch: (request: Request) => Response) {
  try {
    return Bun.serve({ hostname, port, fetch, idleTimeout: 10, maxRequestBodySize: 1024 })
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}

function isOwnName(host: string | null, port: number): boolean {
  return [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`].includes(host ?? "")
}

function sentTo(page: string): Response {
  return new Response(null, {
    status: 302,
    headers: { location: page, "cache-control": "no-store", "referrer-policy": "no-referrer", connection: "close" },
  })
}

/** Says nothing of what was asked. */
function told(status: number, words: string): Response {
  const body = `<!doctype html><meta charset="utf-8"><title>skein</title><p style="font:1rem sans-serif;margin:3rem">${words}</p>\n`
  return new Response(body, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
      "referrer-policy": "no-referrer",
      connection: "close",
    },
  })
}
