export interface Guarded {
  /** Without it nothing is answered. */
  readonly token: string
  /** The names, without a port, that this machine may be called by, and the port. */
  readonly hosts: readonly string[]
  readonly port: number
}

/**
 * Why a request is not let in, as the response that says so; undefined when it is. In this order: a browser that was led here by
 * a page (another origin, or a name that somebody else gave this address), then whoever has no token.
 */
export function refusal(request: Request, guarded: Guarded): Response | undefined {
  const { hosts, port } = guarded
  const host = request.headers.get("host") ?? ""
  if (!hosts.some((name) => host === `${name}:${port}` || (port === 80 && host === name))) {
    return refused(403, `This server is not called ${JSON.stringify(host.slice(0, 200))}.`)
  }
  const origin = request.headers.get("origin")
  if (origin !== null && origin !== `http://${host}`) return refused(403, "Pages of other origins are not served.")
  if (!isSame(bearerOf(request), guarded.token)) {
    return refused(401, "Send the token of this server: Authorization: Bearer …", { "WWW-Authenticate": "Bearer" })
  }
  return undefined
}

/** An answer that is an error, as JSON-RPC has it. It says nothing of what is behind. */
export function refused(status: number, message: string, headers: Record<string, string> = {}): Response {
  const body = { jsonrpc: "2.0", id: null, error: { code: -32000, message } }
  return Response.json(body, { status, headers: { "Cache-Control": "no-store", ...headers } })
}

function bearerOf(request: Request): string {
  const [, token = ""] = /^Bearer +([^\s]+)$/i.exec(request.headers.get("authorization") ?? "") ?? []
  return token
}

/** Takes as long for every wrong token of one length. */
function isSame(given: string, token: string): boolean {
  const [left, right] = [new TextEncoder().encode(given), new TextEncoder().encode(token)]
  let difference = left.length ^ right.length
  for (const [at, byte] of right.entries()) difference |= byte ^ (left[at] ?? 0)
  return difference === 0 && token !== ""
}
