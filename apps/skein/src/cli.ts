import { COMING } from "./coming.ts"
import { nearest, nearVerb, type Parsed, parseFlags } from "./flags.ts"
import { type Io, processIo } from "./io.ts"
import { Blocked, UsageError } from "./usage.ts"
import type { Verb } from "./verb.ts"
import { VERBS } from "./verbs.ts"

/** Runs a command line to its exit code. Everything that went wrong is told on stderr, in one sentence, by here at last. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    const { verb, args, path } = await within(await chosen(argv))
    const parsed = parse(verb, args)
    if (parsed.flags.has("help")) {
      const { helpFor } = await import("./verbs/help.ts")
      const isFrontDoor = path === "run" && argv[0] !== verb.name
      for (const line of await helpFor(isFrontDoor ? undefined : { verb, path }, TABLE)) io.out(line)
      return 0
    }
    const { run } = await verb.load()
    return await run({ ...parsed, io, table: TABLE, argv: args })
  } catch (error) {
    return (await import("./report.ts")).report(error, io)
  }
}

const TABLE = { verbs: VERBS, coming: COMING }

interface Chosen {
  readonly verb: Verb
  readonly args: readonly string[]
  /** Its name with those of the verbs it lies in: `session list`. */
  readonly path: string
}

/** The verb is the first word, and only the first. Anything else is a prompt for the plain front door. */
async function chosen(argv: readonly string[]): Promise<Chosen> {
  const [first = "", ...rest] = argv
  const named = VERBS.find((verb) => verb.name === first || verb.aliases?.includes(first))
  if (named !== undefined) return { verb: named, args: rest, path: named.name }
  if (COMING.includes(first)) {
    throw new Blocked(
      `skein ${first} is not available in this version. To send the word to the model as a prompt, write: skein -p -- ${first}`,
    )
  }
  const meant = await slipOf(first, rest)
  if (meant !== undefined) {
    throw new UsageError(
      `There is no verb ${first}. Did you mean skein ${meant}? To send the word to the model as a prompt, write: skein -p -- ${first}`,
    )
  }
  const plain = VERBS.find((verb) => verb.name === "run")
  if (plain === undefined) throw new Error("The table has no run")
  const late = lateVerb(argv, plain)
  if (late !== undefined) {
    throw new UsageError(
      `The verb comes first: skein ${late} …, flags after it. To send the words to the model as a prompt, write: skein -p -- ${late} …`,
    )
  }
  return { verb: plain, args: argv, path: plain.name }
}

/**
 * The verb that a first word is a slip of, when nobody would say the line to a model: nothing but flags behind it, a session's
 * id, or a verb that lies in the one it is near to.
 */
async function slipOf(first: string, rest: readonly string[]): Promise<string | undefined> {
  const name = nearVerb(first, VERBS)
  const [next = ""] = rest
  if (name === undefined || rest.every((word) => word.startsWith("-")) || next.startsWith("ses_")) return name
  const inner = await VERBS.find((verb) => verb.name === name)?.inner?.()
  return inner?.some((verb) => verb.name === next || verb.aliases?.includes(next)) === true ? name : undefined
}

/** A verb after flags, as git takes it: sent as a prompt, it would cost money and do nothing of what was meant. */
function lateVerb(argv: readonly string[], front: Verb): string | undefined {
  if (argv[0]?.startsWith("-") !== true || isHosted(argv)) return undefined
  // Most command lines hold no such word at all, and to read all flags for it is a third of a millisecond.
  if (!VERBS.some(({ name, aliases = [] }) => argv.includes(name) || aliases.some((alias) => argv.includes(alias))))
    return
  const { flags, words } = parseFlags(argv, front.flags, true)
  if (flags.has("print") || flags.has("execute")) return undefined
  return VERBS.find(({ name, aliases }) => name === words[0] || aliases?.includes(words[0] ?? ""))?.name
}

/** A verb that has verbs of its own: the next word says which, and only the next. */
async function within({ verb, args, path }: Chosen): Promise<Chosen> {
  const [first, ...rest] = args
  if (verb.inner === undefined || first === undefined || first.startsWith("-")) return { verb, args, path }
  const inner = await verb.inner()
  const named = inner.find(({ name, aliases }) => name === first || aliases?.includes(first))
  if (named !== undefined) return await within({ verb: named, args: rest, path: `${path} ${named.name}` })
  if (verb.hasOtherWords === true) return { verb, args, path }
  const names = inner.map(({ name }) => name)
  throw new UsageError(
    `There is no skein ${path} ${first}.${nearest(first, names)} There ${names.length === 1 ? "is" : "are"} ${names.join(", ")}.`,
  )
}

function parse(verb: Verb, args: readonly string[]): Parsed {
  return parseFlags(args, verb.flags, { isLenient: isHosted(args), isCommandLast: verb.isCommandLast === true })
}

/** Programs that speak Claude Code's lines send flags that grow by the month; unknown ones are passed over, as they expect. */
function isHosted(args: readonly string[]): boolean {
  return args.some(
    (word, at) =>
      word.endsWith("put-format=stream-json") || (word.endsWith("put-format") && args[at + 1] === "stream-json"),
  )
}
