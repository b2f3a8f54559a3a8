import { SkeinError } from "@skein/protocol"
import type { Person } from "../login.ts"
import { secureUrl } from "../request.ts"
import { type Callback, callback } from "./callback.ts"
import { type Pkce, pkce, randomText } from "./pkce.ts"
import { type Redirect, readRedirect } from "./redirect.ts"

/** A login by a page of the provider, whose answer comes to this machine or is pasted. */
export interface BrowserLogin {
  /** Who is logged in to: for messages. */
  readonly name: string
  readonly issuer: string
  /** RFC 9207: an answer that does not say who it is from is none. */
  readonly isIssuerTold?: boolean | undefined
  /** How the provider calls this machine; `localhost` where left out. */
  readonly host?: "localhost" | "127.0.0.1" | undefined
  /** Ports of this machine that the provider sends browsers to, in the order in which they are tried; 0 is any. */
  readonly ports: readonly number[]
  readonly path: string
  /** The page where the person logs in. */
  page(redirectUri: string, state: string, challenge: string): string | Promise<string>
  /**
   * Who logs in named the provider's page no further than by a document of a stranger. The browser is started with an address
   * of this machine, which sends it there: nothing of the document becomes an argument of a program.
   */
  readonly isOfStranger?: boolean | undefined
  /** What to do where no browser can come back: the words after "or". */
  readonly otherWay: string
}

export interface Authorized {
  readonly code: string
  readonly verifier: string
  readonly redirectUri: string
  /** RFC 9207: who says that it answered. */
  readonly issuer: string | undefined
}

const TIMEOUT_MS = 300_000
/** Who sits elsewhere without a tunnel gets nothing from their browser: they are told soon. */
const REMOTE_MS = 15_000
/** Stands in an address that is only pasted, where this machine can listen on no port at all. */
const NO_PORT = 49_152

/**
 * Has the person log in on the provider's page: PKCE, with the answer by loopback (RFC 8252), through a tunnel, or as the
 * pasted address that the browser ended at. Throws SkeinError `login.refused`, `login.timeout`.
 */
export async function authorize(login: BrowserLogin, person: Person): Promise<Authorized> {
  const proof = pkce()
  const state = randomText()
  const { host = "localhost", issuer, isIssuerTold = false } = login
  const uriAt = (port: number) => `http://${host}:${port}${login.path}`
  const read = (url: string, port: number) =>
    readRedirect(url, { redirectUri: uriAt(port), state, issuer, isIssuerTold })
  const listening = callback({ ports: login.ports, path: login.path, host, read })
  const port = listening?.port ?? login.ports.find((one) => one > 0) ?? NO_PORT
  const over = new AbortController()
  try {
    await show(login, person, await login.page(uriAt(port), state, proof.challenge), listening)
    const waiting = [pasted(person, (line) => read(line, port)), late(person, over.signal, listening)]
    const redirect = await Promise.race(listening === undefined ? waiting : [listening.redirect, ...waiting])
    return { ...codeOf(redirect, login, proof), redirectUri: uriAt(port) }
  } finally {
    over.abort()
    await listening?.close()
  }
}

async function show(
  login: BrowserLogin,
  person: Person,
  address: string,
  listening: Callback | undefined,
): Promise<void> {
  const page = secureUrl(address, `the login page of ${login.name}`).href
  const first = login.isOfStranger === true && listening !== undefined ? listening.leadTo(page) : page
  if (await person.open(first)) {
    person.say("A page was opened in your browser. If it was not, open this address:")
  } else {
    person.say(`Open this address in a browser, on this machine or another one:`)
  }
  person.say(page)
  if (listening === undefined)
    person.say(
      `note    Port ${login.ports.join(" and ")} of this machine cannot be used, so the answer cannot come by itself.`,
    )
  person.say(
    `Then wait here. Or paste the address that the browser ends at, if that page cannot be shown; or ${login.otherWay}.`,
  )
}

/** Lines that are no answer are said to be none, and the next is waited for. Never ends where nothing can be pasted. */
async function pasted(person: Person, read: (line: string) => Redirect): Promise<Exclude<Redirect, { kind: "other" }>> {
  for await (const line of person.lines()) {
    const text = line.trim()
    if (text === "") continue
    const redirect = read(text)
    if (redirect.kind !== "other") return redirect
    person.say(`note    That is not the address of this login: ${redirect.reason}.`)
  }
  return await new Promise(() => {})
}

async function late(person: Person, signal: AbortSignal, listening: Callback | undefined): Promise<never> {
  const either = AbortSignal.any([signal, person.signal])
  const first = person.isRemote && listening !== undefined ? REMOTE_MS : 0
  await person.sleep(first, either)
  if (first > 0)
    person.say(
      `Nothing came to port ${listening?.port} yet. If your browser shows an error for localhost, copy its address and paste it here.`,
    )
  await person.sleep(TIMEOUT_MS - first, either)
  throw new SkeinError("login.timeout", `Nobody logged in within ${TIMEOUT_MS / 60_000} minutes. Begin again.`)
}

function codeOf(
  redirect: Redirect,
  { name }: BrowserLogin,
  { verifier }: Pkce,
): Pick<Authorized, "code" | "verifier" | "issuer"> {
  if (redirect.kind === "code") return { code: redirect.code, verifier, issuer: redirect.issuer }
  throw new SkeinError("login.refused", `${name} did not log you in: ${redirect.reason.replace(/\.$/, "")}.`)
}
