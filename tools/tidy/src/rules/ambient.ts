import { type Finding, lineAt, type Rule } from "../rule.ts"
import { mask } from "../source/mask.ts"
import { neighbours, packagesOf } from "../source/packages.ts"
import { isSource, isTest, type Tree } from "../tree.ts"

/** What a file can read from the air instead of being given it. */
const AMBIENT: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\bprocess\s*\.\s*env\b|\bBun\s*\.\s*env\b|\bimport\s*\.\s*meta\s*\.\s*env\b/g, "reads the environment"],
  // How long something took (performance.now) and a name nobody has (randomUUID) are an adapter's own business.
  [/\bDate\s*\.\s*now\b|\bnew\s+Date\s*\(\s*\)/g, "reads the clock"],
  [/\bMath\s*\.\s*random\b/g, "reads chance"],
  [/\bhomedir\s*\(|\btmpdir\s*\(/g, "asks the system for a folder"],
  [/\bprocess\s*\.\s*cwd\b/g, "reads the current folder"],
  [/\bprocess\s*\.\s*(exit|exitCode|argv)\b/g, "reads the command line or ends the process"],
]

/** Where the world comes in: the SDK is part of somebody's application. Everything below is given what it needs. */
const MAY_READ = ["packages/host/", "packages/sdk/", "apps/", "tools/", "bench/"]

/** Single files that may, each with its reason. A line that is no longer needed is a finding too. */
export const MAY_READ_TOO: Readonly<Record<string, string>> = {
  "packages/rpc/src/connecting/ids.ts":
    "names that sort by when they were made, of a client that has no host to give it a clock",
}

export const nothingFromTheAir: Rule = {
  name: "environment, clock, chance, home folder and command line are read by host and applications only",
  why: "what is passed in can be replayed, tested and moved to another machine; what is read from the air cannot",
  instead: "take the value, or the clock or random port, as an argument; compose.ts passes it in",
  check(tree) {
    const findings = [...tree.files].flatMap(([path, text]) => (isGiven(path) ? ambientIn(path, text) : []))
    const needed = new Set(findings.map(({ path }) => path))
    return [
      ...findings.filter(({ path }) => !(path in MAY_READ_TOO)),
      ...Object.keys(MAY_READ_TOO)
        .filter((path) => tree.files.has("tools/tidy/package.json") && !needed.has(path))
        .map((path) => ({ path, what: "is excepted and no longer needs to be" })),
    ]
  },
}

function isGiven(path: string): boolean {
  return isSource(path) && !isTest(path) && !MAY_READ.some((folder) => path.startsWith(folder))
}

function ambientIn(path: string, text: string): Finding[] {
  const code = mask(text)
  return AMBIENT.flatMap(([pattern, what]) =>
    [...code.matchAll(pattern)].map((match) => ({
      path,
      line: lineAt(text, match.index),
      what: `${what} (${match[0]})`,
    })),
  )
}

/** Each is waited for before the first frame of the screen; `-p` and `--version` go the beginning of the same way. */
const STARTS = ["main", "cli", "verbs/run", "verbs/screen"].map((name) => `apps/skein/src/${name}.ts`)
/** Milliseconds each costs at start, measured on the compiled binary: 9, 4 and 3. */
const SLOW = /\bprocess\s*\.\s*(stdout|stdin|stderr)\b/g
const SLOW_MODULES = /["']node:(https?|tty|readline)["']/g

export const fastStart: Rule = {
  name: "nothing that is loaded at every start touches the Node streams, node:http or node:tty",
  why: "process.stdout or process.stdin cost 9 ms, node:http 4, node:tty 3; the whole start has 13",
  instead:
    "write through Bun.stdout or a file descriptor; load the module with `await import()` where it is first used",
  check(tree) {
    return [...loadedAtStart(tree)].flatMap((path) => {
      const text = tree.files.get(path) ?? ""
      const code = mask(text)
      const slow = [...code.matchAll(SLOW)].map((match) => ({
        path,
        line: lineAt(text, match.index),
        what: `touches ${match[0]}`,
      }))
      const modules = [...text.matchAll(SLOW_MODULES)]
        .filter((match) => /\b(from|import)\s*$/.test(code.slice(0, match.index)))
        .map((match) => ({ path, line: lineAt(text, match.index), what: `loads ${match[0]}` }))
      return [...slow, ...modules]
    })
  },
}

/** What is loaded before anything is seen: static imports, followed to the end. */
function loadedAtStart(tree: Tree): Set<string> {
  const packages = packagesOf(tree)
  const loaded = new Set<string>()
  const waiting = STARTS.filter((path) => tree.files.has(path))
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue
    loaded.add(path)
    waiting.push(...neighbours(tree, packages, path, ["static"]))
  }
  return loaded
}
