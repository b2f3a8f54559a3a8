import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { both, type Deed, exec, lines, type Ran, type Side, threadOf } from "./both.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

/** Codex's own `exec` and ours, one after the other: the same words, the same model, and what each said compared. */
const at = both(deedOf)
const isMissing = at === undefined
afterAll(() => at?.remove())

function deedOf(prompt: string): Deed {
  const [, word = "", rest = ""] = /^(\w+) ?(.*)/.exec(prompt) ?? []
  const deeds: Readonly<Record<string, Deed>> = {
    run: { command: rest },
    add: { add: rest, text: "one" },
    think: { think: "**Weighing** it", say: "weighed" },
    search: { search: rest, say: "sunny" },
    refuse: { status: 400 },
    fail: { failure: rest },
    json: { say: '{"answer":42}' },
  }
  return deeds[word] ?? { say: `You said: ${prompt}` }
}

interface Case {
  readonly args: readonly string[]
  readonly input?: string
}

async function onBoth(tell: (side: Side, run: (one: Case) => Promise<Ran>) => Promise<unknown>) {
  if (at === undefined) throw new Error("Codex's program is not there")
  const [codex, skein] = at.sides
  const told = (side: Side) => tell(side, ({ args, input }) => exec(side, at.url, args, input))
  return Promise.all([told(codex), told(skein)])
}

/** Exit code and lines of `--json` of one run on each. */
async function compared(one: Case): Promise<void> {
  const [codex, skein] = await onBoth(async (side, run) => {
    const ran = await run({ ...one, args: ["--json", ...one.args] })
    return { code: ran.code, lines: lines(side, ran.out) }
  })
  expect(skein).toEqual(codex)
}

const WRITING = ["-s", "workspace-write"]

test.skipIf(isMissing).each([
  ["a plain answer", { args: ["hello"] }],
  ["a command that does well", { args: [...WRITING, "run echo out; echo err >&2"] }],
  ["a command that fails", { args: [...WRITING, "run echo out; exit 3"] }],
  ["a new file", { args: [...WRITING, "add new.txt"] }],
  ["a thought", { args: ["think"] }],
  ["a prompt from stdin", { args: ["-"], input: "piped\n" }],
  ["a prompt with something piped in behind it", { args: ["look"], input: "at this\n" }],
  ["no prompt at all", { args: ["-"], input: " \n" }],
  ["a schema that holds", { args: ["--output-schema", "schema.json", "json"] }],
  ["no such schema", { args: ["--output-schema", "none.json", "json"] }],
  ["a schema that is no JSON", { args: ["--output-schema", "broken.json", "json"] }],
  ["an override without a value", { args: ["-c", "model", "hello"] }],
  ["a policy that is none", { args: ["-c", "approval_policy=sometimes", "hello"] }],
  ["a sandbox that is none", { args: ["-c", "sandbox_mode=loose", "hello"] }],
  ["a feature that is none", { args: ["--enable", "no_such_feature", "hello"] }],
  ["an unknown flag", { args: ["--no-such-flag", "hello"] }],
  ["an unknown thread", { args: ["resume", "0199aaaa-0000-7000-8000-000000000000", "hello"] }],
] satisfies [string, Case][])("exec tells it as Codex's own does: %s", async (_name, one) => {
  for (const { repository } of at?.sides ?? []) {
    writeFileSync(join(repository, "schema.json"), SCHEMA)
    writeFileSync(join(repository, "broken.json"), "{answer")
  }
  await compared(one)
})

const SCHEMA = JSON.stringify({
  type: "object",
  properties: { answer: { type: "number" } },
  required: ["answer"],
  additionalProperties: false,
})

test.skipIf(isMissing)(
  "a refusal and a failure of the model end the turn in the same way, each in its own words",
  async () => {
    const [codex, skein] = await onBoth(async (side, run) => {
      const runs = []
      for (const prompt of ["refuse", "fail insufficient_quota", "fail context_length_exceeded", "fail invalid_prompt"])
        runs.push(await run({ args: ["--json", prompt] }))
      return runs.map(({ code, out }) => ({ code, lines: lines(side, out).map(shape) }))
    })

    expect(skein).toEqual(codex)
  },
)

/** A line with its texts taken out. */
function shape(line: unknown): unknown {
  if (Array.isArray(line)) return line.map(shape)
  if (typeof line !== "object" || line === null) return line
  return Object.fromEntries(
    Object.entries(line).map(([key, value]) => [key, key === "message" ? typeof value : shape(value)]),
  )
}

test.skipIf(isMissing)(
  "a search of the provider is begun and over; Codex names it by the provider's id, skein counts it",
  async () => {
    const [codex, skein] = await onBoth(async (side, run) =>
      lines(side, (await run({ args: ["--json", "search weather"] })).out),
    )
    const counted = (all: unknown) => JSON.parse(JSON.stringify(all).replaceAll(/"id":"i\d+"/g, '"id":"item_0"'))

    expect(counted(skein)).toEqual(counted(codex))
  },
)

test.skipIf(isMissing)(
  "a thread is gone on with, forked, and forgotten when it was ephemeral, with the same counts",
  async () => {
    const [codex, skein] = await onBoth(async (side, run) => {
      const first = await run({ args: ["--json", "one"] })
      const id = threadOf(first)
      const runs = [
        first,
        await run({ args: ["--json", "resume", id, "two"] }),
        await run({ args: ["resume", "--last", "three", "--json"] }),
        await run({ args: ["--json", "resume", id, "-"], input: "four" }),
        await run({ args: ["--json", "fork", id, "five"] }),
        await run({ args: ["--json", "resume", "--last", "--all"], input: "six" }),
      ]
      const gone = await run({ args: ["--json", "--ephemeral", "alone"] })
      const lost = await run({ args: ["--json", "resume", threadOf(gone), "again"] })
      const all = [...runs, gone, lost]
      return { codes: all.map(({ code }) => code), lines: lines(side, all.map(({ out }) => out).join("")) }
    })

    expect(skein).toEqual(codex)
  },
)

test.skipIf(isMissing)(
  "without --json stdout is the last message and nothing else, and -o keeps it without a newline",
  async () => {
    const [codex, skein] = await onBoth(async (side, run) => {
      const ran = await run({ args: [...WRITING, "-o", "kept.txt", "run echo noise"] })
      const failed = await run({ args: ["-o", "failed.txt", "refuse"] })
      const read = (name: string) => {
        const file = join(side.repository, name)
        return existsSync(file) ? readFileSync(file, "utf8") : undefined
      }
      return [ran.code, ran.out, read("kept.txt"), failed.code, failed.out, read("failed.txt")]
    })

    expect(skein).toEqual(codex)
  },
)

test.skipIf(isMissing)("outside a repository both refuse", async () => {
  const [codex, skein] = await onBoth(async (side) => {
    const outside = { ...side, repository: side.folder }
    const ran = await exec(outside, at?.url ?? "", ["hello"])
    return [
      ran.code,
      ran.out,
      ran.err.includes("Not inside a trusted directory and --skip-git-repo-check was not specified."),
    ]
  })

  expect(skein).toEqual(codex)
})

test.skipIf(isMissing)(
  "a command that would leave the workspace: Codex's sandbox stops it, skein does not begin it",
  async () => {
    const [codex, skein] = await onBoth(async (side, run) => {
      const { out } = await run({ args: ["--json", ...WRITING, "run touch /usr/held 2>/dev/null || exit 7"] })
      return lines(side, out)
    })
    const ended = (all: unknown, status: string) =>
      expect(all).toContainEqual({ type: "item.completed", item: expect.objectContaining({ id: "item_1", status }) })

    ended(codex, "failed")
    ended(skein, "declined")
  },
)

test.skipIf(isMissing)(
  "a mistyped name of a thread: Codex begins another one in silence, skein says that there is none",
  async () => {
    const [codex, skein] = await onBoth(
      async (_side, run) => (await run({ args: ["resume", "no-such-name", "hello"] })).code,
    )

    expect([codex, skein]).toEqual([0, 1])
  },
)
