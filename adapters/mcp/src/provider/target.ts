import { type McpTransport, visible } from "@skein/protocol"

/** Where a server is, for a person: its command line or its address, without what may be a secret. */
export function targetOf(transport: McpTransport, redact: (text: string) => string): string {
  switch (transport.kind) {
    case "client":
      return "in the client"
    case "stdio":
      return visible(redact([transport.command, ...withoutSecrets(transport.args)].join(" "))).replaceAll("\n", " ")
    default:
      return visible(redact(plainAddress(transport.url))).replaceAll("\n", " ")
  }
}

const STARS = "****"

/** Names of options and variables whose values are not for showing. */
const SECRET = /(?:key|token|secret|passw|auth|credential|bearer|dsn|cookie)/i

function withoutSecrets(args: readonly string[]): readonly string[] {
  return args.map((arg, at) => {
    const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(arg) ?? []
    if (name !== undefined && SECRET.test(name) && !isNamed(value ?? "")) return `${name}=${STARS}`
    const before = args[at - 1]
    const isValue =
      before?.startsWith("-") === true && SECRET.test(before) && !before.includes("=") && !arg.startsWith("-")
    if (isValue && !isNamed(arg)) return STARS
    return arg.replace(/(\/\/)[^/@\s]+@/g, `$1${STARS}@`).replace(/(Bearer|Basic)\s+\S+/gi, `$1 ${STARS}`)
  })
}

/** A variable's name is no secret. */
const isNamed = (value: string) => /^\$\{?\w+\}?$/.test(value)

/** Name, password and what a query says may be secrets. */
function plainAddress(url: string): string {
  const plain = url.replace(/(\/\/)[^/?#@]*@/, `$1${STARS}@`).replace(/#.*$/s, "")
  return plain.replace(/([?&][^=&]+)=([^&]*)/g, (whole, name: string, value: string) =>
    isNamed(value) ? whole : `${name}=${STARS}`,
  )
}
