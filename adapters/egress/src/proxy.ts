import type { GateAnswer } from "@skein/core/ports"
import type { NetworkAttempt } from "@skein/protocol"
import { type Attempt, UNREADABLE } from "./attempts.ts"
import { passBody } from "./body.ts"
import { endToEnd, type Head, headOf, headText } from "./head.ts"
import { type HeadBounds, readHead } from "./head-bytes.ts"
import { OPENING_BYTES_MAX, openingOf } from "./hello.ts"
import type { Peer } from "./peer.ts"
import { Refusal } from "./refusal.ts"
import { type Asked, askedOf, tokenIn, tokenOf } from "./request.ts"
import { type Route, type RouteOptions, routeTo } from "./route.ts"
import type { Way } from "./way.ts"

export interface ProxyOptions extends RouteOptions {
  /** Whose command a password stands for; undefined for nobody's. */
  readonly wayOf: (token: string) => Way | undefined
  /** Somebody asked with a password of no command. */
  readonly onStranger: () => void
  /** Something failed that should not have; the connection is refused. */
  readonly onDefect: (error: unknown) => void
}

/** Serves one connection: one head, one decision, one host. Never rejects. */
export async function serve(client: Peer, options: ProxyOptions): Promise<void> {
  let way: Way | undefined
  let isAsked = false
  let isClaiming = false
  try {
    const text = await readHead(client, options.bounds)
    if (text === undefined) return
    // Before it is read strictly, so that what cannot be read is known as this command's.
    const token = tokenIn(text)
    way = options.wayOf(token)
    isClaiming = token !== ""
    const head = headOf(text)
    way = options.wayOf(tokenOf(head))
    if (way === undefined) throw new Refusal(407, "The proxy does not know this password.")
    if (!way.hold(client)) throw new Refusal(503, "There are too many connections at once.")
    const asked = askedOf(head)
    isAsked = true
    await carry(client, asked, way, options)
  } catch (error) {
    if (!(error instanceof Refusal)) options.onDefect(error)
    const refusal = error instanceof Refusal ? error : new Refusal(500, "The proxy failed.")
    // Programs like git ask once without a password, to be told that it takes one.
    if (way === undefined && isClaiming) options.onStranger()
    else if (way !== undefined && !isAsked) way.attempts.begin(UNREADABLE, "refused", refusal.message)
    await answer(client, refusal)
  } finally {
    client.end()
  }
}

/** Decides, connects, and passes bytes until both sides have said all. Throws Refusal while nothing was answered yet. */
async function carry(client: Peer, asked: Asked, way: Way, options: ProxyOptions): Promise<void> {
  const { target } = asked
  const note = (decision: NetworkAttempt["decision"], reason: string) => way.attempts.begin(target, decision, reason)
  const refused = (error: unknown) => {
    if (!(error instanceof Refusal)) throw error
    note(error.status === 502 ? "allowed" : "refused", error.message)
    return error
  }
  let given: GateAnswer
  let route: Route
  try {
    given = await way.decide(target)
    if (!given.isAllowed) throw new Refusal(403, given.reason)
    route = await routeTo(target, asked.kind === "tunnel", given.isPrivateAllowed === true, options)
  } catch (error) {
    throw refused(error)
  }
  const { peer: server } = route
  client.gone.then(() => server.destroy(), ignored)
  try {
    if (!way.hold(server)) throw refused(new Refusal(503, "There are too many connections at once."))
    const attempt = note("allowed", given.reason)
    if (asked.kind === "tunnel") {
      const isNamed = await tunnel(client, server, target.host, attempt, options.bounds)
      if (!isNamed) note("refused", "Its TLS asks for another host than the one that was allowed.")
    } else await forward(client, route, asked, attempt, options.bounds)
  } finally {
    server.end()
  }
}

/** False when the tunnel was used to ask for another host than the one it was opened for. */
async function tunnel(
  client: Peer,
  server: Peer,
  host: string,
  attempt: Attempt,
  bounds: HeadBounds,
): Promise<boolean> {
  await client.write("HTTP/1.1 200 Connection established\r\n\r\n")
  const back = pump(server, client, attempt.received)
  const isNamed = await checkOpening(client, host, bounds)
  if (!isNamed) return false
  const forth = pump(client, server, attempt.sent)
  await back
  await Promise.race([forth, server.gone])
  return true
}

/**
 * TLS names the host it wants before anything is secret, and servers of many hosts go by that name. Other protocols pass:
 * in some of them the server speaks first.
 */
async function checkOpening(client: Peer, host: string, { timeoutMs }: HeadBounds): Promise<boolean> {
  let bytes: Uint8Array = new Uint8Array()
  for (;;) {
    const opening = openingOf(bytes)
    if (opening.kind === "unnamed" || opening.kind === "named") {
      client.unread(bytes)
      return opening.kind === "unnamed" || opening.host === host
    }
    if (opening.kind === "malformed" || bytes.length > OPENING_BYTES_MAX) return false
    // Before the first byte there is time; a hello that was begun comes soon.
    const more = bytes.length === 0 ? await client.read() : await Promise.race([client.read(), Bun.sleep(timeoutMs)])
    if (more === undefined) {
      client.unread(bytes)
      return bytes.length === 0
    }
    bytes = bytes.length === 0 ? more : Buffer.concat([bytes, more])
  }
}

/** Passes bytes on until one side has said all or the other is gone; then says so. */
async function pump(from: Peer, to: Peer, count: (bytes: number) => void): Promise<void> {
  for (let bytes = await from.read(); bytes !== undefined; bytes = await from.read()) {
    count(bytes.length)
    if (!(await to.write(bytes))) return from.destroy()
  }
  to.finish()
}

async function forward(
  client: Peer,
  { peer: server, asks }: Route,
  asked: Extract<Asked, { kind: "forward" }>,
  attempt: Attempt,
  bounds: HeadBounds,
): Promise<void> {
  const head = asked.head(asks === undefined ? "direct" : { authorization: asks.authorization })
  attempt.sent(head.length)
  await server.write(head)
  const back = answers(server, client, attempt.received, bounds)
  const sending = passBody(client, server, asked.body, attempt.sent)
  // A body that breaks its framing ends both; an answer may be whole before the body is.
  const isBroken = await Promise.race([
    sending.then(
      () => false,
      () => true,
    ),
    back.then(() => false),
  ])
  if (isBroken) return
  // What comes after the body is nobody's: it is read away, so that the end of the connection is seen.
  sending.then(() => readAway(client), ignored).catch(ignored)
  await back
}

const READ_AWAY_BYTES_MAX = 64 * 1024

async function readAway(client: Peer): Promise<void> {
  let bytes = 0
  for (let more = await client.read(); more !== undefined; more = await client.read()) {
    bytes += more.length
    if (bytes > READ_AWAY_BYTES_MAX) return client.destroy()
  }
}

/** Passes the answer on, with the connection's own headers changed to say that it is the last. */
async function answers(server: Peer, client: Peer, count: (bytes: number) => void, bounds: HeadBounds): Promise<void> {
  for (;;) {
    // How long the server thinks is between it and the command.
    const text = await readHead(server, { ...bounds, timeoutMs: ANSWER_MS })
    if (text === undefined) throw new Refusal(502, "The server closed the connection without an answer.")
    count(text.length + 4)
    const head = answerHead(text)
    const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(head.first)?.[1] ?? 0)
    if (status < 100 || status === 101) throw new Refusal(502, "The server's answer is no HTTP/1.1.")
    const isLast = status >= 200
    const kept = endToEnd(head)
    await client.write(headText(head.first, isLast ? [...kept, ["connection", "close"]] : kept))
    if (isLast) return await pump(server, client, count)
  }
}

/** A day: whoever asked decides how long is too long. */
const ANSWER_MS = 86_400_000

function answerHead(text: string): Head {
  try {
    return headOf(text)
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(502, `The server's answer is malformed. ${error.message}`) : error
  }
}

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  407: "Proxy Authentication Required",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
  502: "Bad Gateway",
  503: "Service Unavailable",
}

async function answer(client: Peer, { status, message }: Refusal): Promise<void> {
  const body = Buffer.from(`skein: ${message}\n`)
  const head = headText(`HTTP/1.1 ${status} ${STATUS_TEXTS[status] ?? "Internal Server Error"}`, [
    ["content-type", "text/plain; charset=utf-8"],
    ["content-length", String(body.length)],
    ...(status === 407 ? [["proxy-authenticate", 'Basic realm="skein"'] as const] : []),
    ["connection", "close"],
  ])
  await client.write(Buffer.concat([Buffer.from(head, "latin1"), body]))
  client.finish()
  // Ending it with bytes unread would take the answer back; whoever does not read it waits no longer than this.
  await Promise.race([readAway(client), Bun.sleep(LINGER_MS)])
}

const LINGER_MS = 2_000

/** It is told by what else was waited for. */
function ignored(): void {}
