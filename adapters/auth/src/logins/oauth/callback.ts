import type { Redirect } from "./redirect.ts"

/** Where a browser of this machine, or one at the near end of a tunnel, is sent after the login. */
export interface Callback {
  readonly port: number
  /** The answer to this login; others are refused and not waited for. */
  readonly redirect: Promise<Exclude<Redirect, { kind: "other" }>>
  /** Ends when the browser has its page, or a moment later. */
  close(): Promise<void>
}

/** A browser may hold a connection open for nothing. */
const CLOSE_MS = 500

/**
 * Listens on this machine alone, on the first port that is free, for one request (RFC 8252 §7.3). `read` says what an address
 * means. Undefined: none of the ports is free, or none may be opened.
 */
export function callback(
  ports: readonly number[],
  path: string,
  read: (url: string, port: number) => Redirect,
): Callback | undefined {
  const { promise, resolve } = Promise.withResolvers<Exclude<Redirect, { kind: "other" }>>()
  let isDone = false
  for (const port of ports) {
    const answer = (request: Request): Response => {
      const url = new URL(request.url)
      // A page of another name that leads here is none that the login server sent.
      if (!isOwnName(request.headers.get("host"), port))
        return page(403, "This address is for logging in to skein alone.")
      if (request.method !== "GET" || url.pathname !== path) return page(404, "There is nothing here.")
      if (isDone) return page(410, "This login is over.")
      const redirect = read(`http://localhost:${port}${path}${url.search}`, port)
      if (redirect.kind === "other") return page(400, "This is not the login that skein waits for.")
      isDone = true
      resolve(redirect)
      return redirect.kind === "code"
        ? page(200, "You are logged in. You can close this page and go back to skein.")
        : page(200, "You are not logged in: it was refused. You can close this page.")
    }
    const servers = ["127.0.0.1", "::1"].flatMap((hostname) => listening(hostname, port, answer) ?? [])
    // Browsers try this address in any case. Who has the other one gets a code, and not the secret that belongs to it.
    if (servers.length > 0 && servers.some(({ hostname }) => hostname === "127.0.0.1"))
      return { port, redirect: promise, close: () => closed(servers) }
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

/** Says nothing of what was asked. */
function page(status: number, words: string): Response {
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
