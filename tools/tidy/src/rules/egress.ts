import { type Finding, lineAt, type Rule } from "../rule.ts"
import { mask } from "../source/mask.ts"
import { isSource, isTest, type Tree } from "../tree.ts"

/** What opens a way out of this machine. */
const WAYS: readonly RegExp[] = [
  // A call of the platform's own; a method of that name that is declared is none.
  /(?<![.\w$])fetch\s*\((?![^()]*\)\s*\{)/g,
  /(?<!typeof\s)\bglobalThis\s*\.\s*fetch\b/g,
  // Taken as a value: `given ?? fetch`, `= fetch`.
  /(?:\?\?|\|\||=)\s*fetch\b(?!\s*[(.:=])/g,
  /\bBun\s*\.\s*(?:connect|udpSocket|fetch|dns|s3|sql|redis)\b/g,
  /\bnew\s+(?:WebSocket|EventSource|S3Client|RedisClient|SQL)\b/g,
  /\bsendBeacon\b/g,
]
const MODULES = /["'](?:node:)?(?:net|tls|dgram|https?|http2|dns)(?:\/promises)?["']|["']undici["']/g

const FOLDERS = ["packages/", "adapters/", "frontends/", "apps/"]

/** Where a way out may stand, each with its reason. A line that is no longer needed is a finding too. */
export const MAY_REACH: Readonly<Record<string, string>> = {
  "apps/skein/src/app-server/relay.ts": "a Unix socket of this machine, which the person names",
  "packages/host/src/compose.ts": "the one fetch, which it gives to others only as a recorded one",
  "adapters/auth/src/keyring/bus.ts": "the keyring of this machine, by a Unix socket",
  "adapters/egress/src/dial.ts": "the connections of commands, which the proxy records",
  "adapters/egress/src/resolve.ts": "names that a command may reach",
  "adapters/egress/src/egress.ts": "the system's certificates, and no connection",
  "adapters/web/src/browser/relay.ts": "the browser's connections, to the proxy's Unix socket and nowhere else",
  "packages/rpc/src/connecting/dial.ts":
    "the engine that its caller named, where what leaves is in that engine's ledger",
  "packages/rpc/src/connecting/dial-http.ts": "the same engine, by plain requests",
  "packages/rpc/src/http/listen.ts": "clients that come in, and no connection of its own",
  "packages/rpc/src/unix/answers.ts": "a socket of this machine, to learn whether somebody serves there",
  "packages/rpc/src/unix/listen.ts": "clients that come in, and no connection of its own",
  "adapters/models/src/network.ts": "the system's certificates, and no connection",
}

export const nothingLeavesUnseen: Rule = {
  name: "whatever leaves this machine is in the ledger",
  why: "`skein egress` and `skein doctor --egress` promise that nothing else left, and one call of the platform's fetch breaks it",
  instead:
    "take the recorded fetch that compose.ts gives, under another name than `fetch`; commands go through the proxy",
  check(tree) {
    const findings = [...tree.files].flatMap(([path, text]) => (isWatched(path) ? waysIn(path, text) : []))
    const needed = new Set(findings.map(({ path }) => path))
    return [
      ...findings.filter(({ path }) => !(path in MAY_REACH)),
      ...Object.keys(MAY_REACH)
        .filter((path) => isWhole(tree) && !needed.has(path))
        .map((path) => ({ path, what: "is excepted and no longer needs to be" })),
    ]
  },
}

function isWatched(path: string): boolean {
  const isOurs = isSource(path) && path.includes("/src/") && FOLDERS.some((folder) => path.startsWith(folder))
  return isOurs && !isTest(path) && !path.startsWith("packages/testkit/")
}

/** A sample of a few files has none of the exceptions. */
function isWhole(tree: Tree): boolean {
  return tree.files.has("tools/tidy/package.json")
}

function waysIn(path: string, text: string): Finding[] {
  const code = mask(text)
  const ways = WAYS.flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => ({ index: match.index, what: `reaches out (${match[0].trim()})` })),
  )
  const modules = [...text.matchAll(MODULES)]
    .filter((match) => /\b(from|import)\s*\(?\s*$/.test(code.slice(0, match.index)))
    .filter((match) => !/\bimport\s+type\b[^\n]*$/.test(code.slice(0, match.index)))
    .map((match) => ({ index: match.index, what: `loads ${match[0]}` }))
  return [...ways, ...modules].map(({ index, what }) => ({ path, line: lineAt(text, index), what }))
}
