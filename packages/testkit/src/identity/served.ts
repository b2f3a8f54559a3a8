/** One request to an identity server. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  /** A form's fields, or the top of a JSON object. */
  readonly fields: Readonly<Record<string, unknown>>
}

export interface IdentityServer {
  /** Its origin: `http://127.0.0.1:…`, or https with a certificate. */
  readonly url: string
  readonly port: number
  /** Everything that was asked, in its order. */
  readonly asked: readonly Asked[]
  stop(): void
}

/** Serves an identity server on loopback; what `answer` does not know is a 404. */
export function identityServer(
  answer: (asked: Asked) => Response | undefined | Promise<Response | undefined>,
  tls?: { readonly key: string; readonly cert: string },
): IdentityServer {
  const asked: Asked[] = []
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    ...(tls === undefined ? {} : { tls }),
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      const { method, headers } = request
      const one = { method, path: pathname, query: searchParams, headers, fields: fieldsOf(await request.text()) }
      asked.push(one)
      return (await answer(one)) ?? Response.json({ error: "not_found" }, { status: 404 })
    },
  })
  const port = server.port ?? 0
  const url = `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`
  return { url, port, asked, stop: () => void server.stop(true) }
}

function fieldsOf(text: string): Asked["fields"] {
  if (text.startsWith("{")) return JSON.parse(text) as Asked["fields"]
  return Object.fromEntries(new URLSearchParams(text))
}

/** A JSON Web Token whose signature is none. */
export function webToken(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  return `${part({ alg: "none" })}.${part(claims)}.${part(crypto.randomUUID())}`
}
