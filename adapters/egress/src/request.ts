import type { NetworkTarget } from "@skein/core/ports"
import { endToEnd, type Head, headText, valuesOf, wordsOf } from "./head.ts"
import { malformed, Refusal } from "./refusal.ts"
import { authorityOf, targetOf } from "./target.ts"

/** What a client of the proxy wants, in its one reading. */
export type Asked =
  | { readonly kind: "tunnel"; readonly target: NetworkTarget }
  | {
      readonly kind: "forward"
      readonly target: NetworkTarget
      /** The head as it leaves: for the server itself, or for a proxy that is asked on the way. */
      readonly head: (way: "direct" | { readonly authorization: string | undefined }) => string
      readonly body: Framing
    }

/** Where the body of a request ends. */
export type Framing = { readonly kind: "length"; readonly bytes: number } | { readonly kind: "chunked" }

const HTTP_PORT = 80

/** Throws Refusal for whatever is not exactly one request to exactly one host. */
export function askedOf(head: Head): Asked {
  const found = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^ ]+) HTTP\/(1\.[01])$/.exec(head.first)
  if (found === null) throw malformed("The request line is no HTTP/1.1 request.")
  const [, method = "", address = "", version = ""] = found
  return method === "CONNECT" ? tunnel(address, head) : forward(method, address, version, head)
}

function tunnel(address: string, head: Head): Asked {
  const target = targetOf(address, undefined)
  checkHost(head, target, [target.port, undefined])
  if (valuesOf(head, "content-length").some((value) => value !== "0") || valuesOf(head, "transfer-encoding").length > 0)
    throw malformed("A CONNECT request has no body.")
  return { kind: "tunnel", target }
}

function forward(...[method, address, version, head]: [string, string, string, Head]): Asked {
  const found = /^http:\/\/([^/?#]*)([/?][!"$-~]*)?$/i.exec(address)
  if (found === null) throw malformed("This proxy takes CONNECT host:port, and http:// addresses without a fragment.")
  const target = targetOf(found[1] ?? "", HTTP_PORT)
  checkHost(head, target, target.port === HTTP_PORT ? [HTTP_PORT, undefined] : [target.port])
  const path = (found[2] ?? "/").replace(/^\?/, "/?")
  const body = framingOf(head)
  const kept = endToEnd(head).filter(([name]) => name !== "host")
  const host = authorityOf(target, HTTP_PORT)
  return {
    kind: "forward",
    target,
    body,
    head: (way) => {
      const own: Head["headers"] = [["host", host], ...kept, ["connection", "close"]]
      if (way === "direct") return headText(`${method} ${path} HTTP/${version}`, own)
      const authorization: Head["headers"] =
        way.authorization === undefined ? [] : [["proxy-authorization", way.authorization]]
      return headText(`${method} http://${host}${path} HTTP/${version}`, [...own, ...authorization])
    },
  }
}

/** A Host header may be left out, as it is written anew; one that says something else is an attempt to be misread. */
function checkHost(head: Head, target: NetworkTarget, ports: readonly (number | undefined)[]): void {
  const given = valuesOf(head, "host")
  if (given.length > 1) throw malformed("There is more than one Host header.")
  const [text] = given
  if (text === undefined) return
  const isBare = /^(\[[^\]]*\]|[^:]*)$/.test(text)
  const named = targetOf(text, isBare ? target.port : undefined)
  if (named.host !== target.host || !ports.includes(isBare ? undefined : named.port))
    throw malformed("The Host header names another host than the request.")
}

function framingOf(head: Head): Framing {
  const lengths = valuesOf(head, "content-length")
  const codings = wordsOf(head, "transfer-encoding")
  if (lengths.length > 1 || (lengths.length > 0 && codings.length > 0))
    throw malformed("The request says more than once where its body ends.")
  if (codings.length > 0) {
    if (codings.length !== 1 || codings[0] !== "chunked" || head.first.endsWith("/1.0"))
      throw malformed("The request's transfer coding is not chunked alone.")
    return { kind: "chunked" }
  }
  const [length] = lengths
  if (length === undefined) return { kind: "length", bytes: 0 }
  if (!/^\d{1,15}$/.test(length)) throw malformed("The request's Content-Length is no number.")
  return { kind: "length", bytes: Number(length) }
}

/** The first password in a head that may be malformed: good for the record and for nothing else. */
export function tokenIn(text: string): string {
  const encoded = /^proxy-authorization: *basic +([A-Za-z0-9+/]+={0,2})\r?$/im.exec(text)?.[1] ?? ""
  return Buffer.from(encoded, "base64")
    .toString("latin1")
    .replace(/^skein:/, "")
}

/** The password of `Proxy-Authorization: Basic`, which says whose command asks. Throws Refusal with status 407. */
export function tokenOf(head: Head): string {
  const given = valuesOf(head, "proxy-authorization")
  const encoded = given.length === 1 ? /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(given[0] ?? "")?.[1] : undefined
  const decoded = encoded === undefined ? "" : Buffer.from(encoded, "base64").toString("latin1")
  const token = /^skein:(.+)$/.exec(decoded)?.[1]
  if (token === undefined) throw new Refusal(407, "The proxy needs the name and password of its address.")
  return token
}
