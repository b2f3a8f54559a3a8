import type { Host } from "@skein/host"
import { jsonPage, SkeinError } from "@skein/protocol"
import { withHost } from "../session/host.ts"
import { table } from "../tell/table.ts"
import { oneLine } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/** `skein models quirks [list|show|test|delete] [model]`: what was learned of servers that want something otherwise. */
export const run: Run = (call) =>
  withHost(call, async ({ call: clean, host }) => {
    const [word = "list", name, ...rest] = clean.words
    const act = ACTS[word]
    if (act === undefined) throw new UsageError(`There is no skein models quirks ${word}. ${USAGE}`)
    if (rest.length > 0 || (name === undefined) !== (word === "list")) throw new UsageError(USAGE)
    const { quirks } = host.models
    if (quirks === undefined) throw new SkeinError("op.unsupported", "A replay learns nothing of models.")
    return await act({ call: clean, host, quirks, model: name === undefined ? "" : host.models.resolve(name) })
  })

const USAGE = "Write skein models quirks, or quirks show, test or delete with a model."

type Learned = NonNullable<Host["models"]["quirks"]>
type Quirk = ReturnType<Learned["all"]>[number]

interface Asked {
  readonly call: VerbCall
  readonly host: Host
  readonly quirks: Learned
  readonly model: string
}

const ACTS: Readonly<Record<string, (asked: Asked) => Promise<number>>> = { list, show, test, delete: forget }

async function list({ call: { flags, io }, quirks }: Asked): Promise<number> {
  const all = quirks.all()
  if (flags.has("json")) io.out(jsonPage(all))
  else if (all.length === 0) io.err("note    Nothing was learned of any model: every server took what it was sent.")
  else for (const line of table(COLUMNS, all.map(rowOf), await io.columns())) io.out(line)
  return 0
}

const COLUMNS = [{ head: "model" }, { head: "server" }, { head: "since" }, { head: "asked with", isFlexible: true }]

function rowOf({ model, host, date, text }: Quirk): readonly string[] {
  return [model, host, date, text]
}

async function show({ call: { flags, io }, quirks, model }: Asked): Promise<number> {
  const found = learnedOf(quirks, model)
  if (flags.has("json")) {
    io.out(jsonPage(found))
    return 0
  }
  for (const { host, date, said, text, change } of found) {
    io.out(`${model} at ${oneLine(host)}`)
    io.out(`  since   ${date}`)
    io.out(`  said    ${oneLine(said)}`)
    io.out(`  asked   with ${text}`)
    io.out(`  change  ${JSON.stringify(change)}`)
  }
  io.out(`  file    ${quirks.file}`)
  return 0
}

const TEST_MS_MAX = 120_000

async function test({ call: { io }, quirks, model }: Asked): Promise<number> {
  let isGood = true
  for (const quirk of learnedOf(quirks, model)) {
    const said = await quirks.check(quirk, AbortSignal.timeout(TEST_MS_MAX))
    const verdict = verdictOf(said, model)
    isGood &&= said.with === undefined
    io.out(`${verdict.mark.padEnd(8)}${oneLine(verdict.text)}`)
  }
  return isGood ? 0 : 1
}

type Check = Awaited<ReturnType<Learned["check"]>>

function verdictOf(said: Check, model: string): { readonly mark: string; readonly text: string } {
  if (said.with !== undefined) return { mark: "broken", text: `It is refused with it too: ${said.with}` }
  if (said.without !== undefined) return { mark: "needed", text: `Without it: ${said.without}` }
  const text = `A short request is taken without it too. If longer ones are: skein models quirks delete ${model}`
  return { mark: "maybe", text }
}

async function forget({ call: { io }, quirks, model }: Asked): Promise<number> {
  learnedOf(quirks, model)
  quirks.drop(model)
  io.out(`deleted ${model} is asked as its provider says again. What its server refuses is found out anew.`)
  return 0
}

function learnedOf(quirks: Learned, model: string): readonly Quirk[] {
  const found = quirks.all().filter((quirk) => quirk.model === model)
  if (found.length > 0) return found
  throw new SkeinError("config.invalid", `Nothing was learned of ${model}. "skein models quirks" lists what was.`)
}
