import { type EventOf, type FileChange, type Rule, visible } from "@skein/protocol"
import { excerpt } from "./excerpt.ts"

type Asked = EventOf<"approval.requested">

/** All that a person needs to answer: what will be done, or was done in a copy, where, why it is asked, and the keys. */
export function questionText(asked: Asked, title: string): string {
  return [`  ◌ ${title}${triedIn(asked)}`, ...asks(asked, SHORT), answerKeys(asked)].join("\n")
}

/** The same with nothing left out: every character of it, escaped where it would not be seen. */
export function wholeText(asked: Asked): string {
  return [`  ◌ all of it${triedIn(asked)}`, ...asks(asked, WHOLE), answerKeys(asked)].join("\n")
}

/** How much of a text is shown. */
interface Extent {
  readonly lines: (text: string) => readonly string[]
  readonly diffLinesMax: number
}

const SHORT: Extent = { lines: excerpt, diffLinesMax: 60 }
const WHOLE: Extent = { lines: (text) => visible(text).split("\n"), diffLinesMax: Number.POSITIVE_INFINITY }

function triedIn({ effects }: Asked): string {
  return effects === undefined ? "" : ", tried in a throw-away copy without network"
}

function asks(asked: Asked, extent: Extent): string[] {
  const { effects, cwd, taint = [], reasons, always } = asked
  const unsaid = taint.filter((sentence) => !reasons.includes(sentence))
  return [
    ...asked.actions.flatMap(({ verb, target }) => field(verb, target, extent)),
    ...(cwd === undefined ? [] : field("in", cwd, extent)),
    ...diffLines(
      asked.actions.map(({ diff }) => diff ?? ""),
      extent,
    ),
    ...(effects === undefined ? [] : effectLines(effects, extent)),
    ...field("asks", reasons.join("; "), extent),
    ...(unsaid.length === 0 ? [] : field("taint", unsaid.join("; "), extent)),
    ...(always === undefined ? [] : field("always", ruleText(always), extent)),
  ]
}

/** The keys that answer an approval, in its own words. */
export function answerKeys(asked: Asked): string {
  const { options, subject } = asked
  const lasting = options.includes("allow_always") ? ["s this session", "p this project", "u everywhere"] : []
  const preview = options.includes("preview") ? ["t try it in a copy"] : []
  const once = subject === "effects" ? "y keep it" : "y once"
  const allowing = [once, ...lasting, ...preview].join(" · ")
  const isShortened = asks(asked, SHORT).join("\n") !== asks(asked, WHOLE).join("\n")
  const refusing = `${isShortened ? "v show all of it · " : ""}n no · f <what instead>: `
  const isWide = allowing.length + refusing.length > KEYS_COLUMNS
  return `  ${allowing}${isWide ? "\n  " : " · "}${refusing}`
}

const KEYS_COLUMNS = 74

/** What goes on in further lines stands below its beginning, where no line can pass for a field of its own. */
function field(name: string, value: string, { lines }: Extent): string[] {
  return lines(value).map((text, at) => `    ${at === 0 ? name.padEnd(8) : "        "} ${text}`)
}

function diffLines(diffs: readonly string[], { lines, diffLinesMax }: Extent): string[] {
  const all = diffs.flatMap((diff) => diff.split("\n").filter((text) => text !== ""))
  const shown = all.slice(0, diffLinesMax).flatMap((text) => lines(text).map((part) => `    ${part}`))
  return all.length > diffLinesMax ? [...shown, `    ⋯ ${all.length - diffLinesMax} more lines`] : shown
}

type Effects = NonNullable<Asked["effects"]>

function effectLines({ changes, network, output, exitCode }: Effects, extent: Extent): string[] {
  const hosts = network.map(({ host, port, decision }) => `${host}:${port} ${decision}`)
  return [
    ...(changes.length === 0 ? ["    changes  no file"] : changes.flatMap((change) => changeLines(change, extent))),
    ...diffLines(
      changes.map(({ diff }) => diff ?? ""),
      extent,
    ),
    ...(hosts.length === 0 ? [] : field("tried", hosts.join(", "), extent)),
    ...(exitCode === undefined ? [] : [`    exit     ${exitCode}`]),
    ...(output.trim() === "" ? [] : field("said", output.trimEnd(), extent)),
  ]
}

/** Every file is named: what is not shown is not approved. */
function changeLines({ kind, path }: FileChange, extent: Extent): string[] {
  return field(KINDS[kind], path, extent)
}

const KINDS: Readonly<Record<FileChange["kind"], string>> = { add: "adds", update: "changes", delete: "deletes" }

/** What "always" would allow from then on, in one line. */
function ruleText({ tool, command, prefix, path, host, agent, expiresAt }: Rule): string {
  const words = prefix?.map((word) => (typeof word === "string" ? word : word.join("|"))).join(" ")
  const what = command ?? (words === undefined ? undefined : `${words} …`) ?? path ?? host ?? "everything it does"
  const whose = agent === undefined ? tool : `${tool} of ${agent}`
  const until = expiresAt === undefined ? "" : `, until ${new Date(expiresAt).toISOString()}`
  return `${whose}: ${what}${until}`
}
