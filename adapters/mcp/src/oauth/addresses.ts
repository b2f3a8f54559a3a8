import { SkeinError } from "@skein/protocol"

/** Only these can be followed where a document of a stranger names them. */
export type Allowed = (address: string, what: string) => URL

/**
 * What addresses a server's documents may name (RFC 8414 §3, RFC 9728 §3): https, without a name or password in it. http is for this
 * machine alone, and this machine and its networks are for a server that is itself there: none of a stranger's documents
 * leads into them (RFC 9728 §7.7). A name that leads there still has to show a certificate for itself. Throws SkeinError
 * `login.refused`.
 */
export function addressesFor(server: URL): Allowed {
  return (address, what) => {
    const url = URL.canParse(address) ? new URL(address) : undefined
    if (url === undefined) throw refused(what, "it is no address")
    if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname)))
      throw refused(what, "it is neither https nor of this machine")
    if (url.username !== "" || url.password !== "") throw refused(what, "there is a name or a password in it")
    if (isPrivate(url.hostname) && !isNamed(url, server))
      throw refused(what, "it is a number, or of this machine or its network, and the server is not there")
    return url
  }
}

function isNamed({ hostname }: URL, server: URL): boolean {
  return hostname === server.hostname || (isLoopback(hostname) && isLoopback(server.hostname))
}

function refused(what: string, why: string): SkeinError {
  return new SkeinError("login.refused", `The server's documents cannot be followed: ${what} is not usable, as ${why}.`)
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host)
}

/**
 * Names that only a machine or its network knows, and addresses that are numbers: a login server for everyone has a name.
 * `URL` has brought every spelling of a number to the plain one.
 */
function isPrivate(host: string): boolean {
  return /^\[|^[\d.]+$|(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/.test(host)
}
