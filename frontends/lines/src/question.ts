import { type EventOf, type FileChange, ruleText } from "@skein/protocol"
import { excerpt } from "./excerpt.ts"

type Asked = EventOf<"approval.requested">

/** All that a person needs to answer: what will be done, or was done in a copy, where, why it is asked, and the keys. */
export function questionText(asked: Asked, title: string): string {
  const { effects, cwd, taint = [], reasons, always } = asked
  const unsaid = taint.filter((sentence) => !reasons.includes(sentence))
  return [
    `  ◌ ${title}${effects === undefined ? "" : ", tried in a throw-away copy without network"}`,
    ...asked.actions.flatMap(({ verb, target }) => field(verb, target)),
    ...(cwd === undefined ? [] : field("in", cwd)),
    ...diffLines(asked.actions.map(({ diff }) => diff ?? "")),
    ...(effects === undefined ? [] : effectLines(effects)),
    ...field("asks", reasons.join("; ")),
    ...(unsaid.length === 0 ? [] : field("taint", unsaid.join("; "))),
    ...(always === undefined ? [] : field("always", ruleText(always))),
    answerKeys(asked),
  ].join("\n")
}

/** The keys that answer an approval, in its own words. */
export function answerKeys({ options, subject }: Pick<Asked, "options" | "subject">): string {
  const lasting = options.includes("allow_always") ? ["s this session", "p this project", "u everywhere"] : []
  const preview = options.includes("preview") ? ["t try it in a copy"] : []
  const once = subject === "effects" ? "y keep it" : "y once"
  const allowing = [once, ...lasting, ...preview].join(" · ")
  const refusing = "n no · f <what instead>: "
  const isWide = allowing.length + refusing.length > KEYS_COLUMNS
  return `  ${allowing}${isWide ? "\n  " : " · "}${refusing}`
}

const KEYS_COLUMNS = 74

/** What goes on in further lines stands below its beginning, where no line can pass for a field of its own. */
function field(name: string, value: string): string[] {
  return excerpt(value).map((text, at) => `    ${at === 0 ? name.padEnd(8) : "        "} ${text}`)
}

const DIFF_LINES_MAX = 60

function diffLines(diffs: readonly string[]): string[] {
  const lines = diffs.flatMap((diff) => diff.split("\n").filter((text) => text !== ""))
  const shown = lines.slice(0, DIFF_LINES_MAX).flatMap((text) => excerpt(text).map((part) => `    ${part}`))
  return lines.length > DIFF_LINES_MAX ? [...shown, `    ⋯ ${lines.length - DIFF_LINES_MAX} more lines`] : shown
}

function effectLines({ changes, network, output, exitCode }: NonNullable<Asked["effects"]>): string[] {
  const hosts = network.map(({ host, port, decision }) => `${host}:${port} ${decision}`)
  return [
    ...(changes.length === 0 ? ["    changes  no file"] : changes.flatMap(changeLines)),
    ...diffLines(changes.map(({ diff }) => diff ?? "")),
    ...(hosts.length === 0 ? [] : field("tried", hosts.join(", "))),
    ...(exitCode === undefined ? [] : [`    exit     ${exitCode}`]),
    ...(output.trim() === "" ? [] : field("said", output.trimEnd())),
  ]
}

/** Every file is named: what is not shown is not approved. */
function changeLines({ kind, path }: FileChange): string[] {
  return field(KINDS[kind], path)
}

const KINDS: Readonly<Record<FileChange["kind"], string>> = { add: "adds", update: "changes", delete: "deletes" }
