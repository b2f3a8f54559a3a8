import { expect, test } from "bun:test"
import { secrets } from "@skein/auth"
import { type CallPlan, type RunContext, ToolFailure, type ToolResult, type ToolsPort } from "@skein/core/ports"
import { redactingArtifacts, redactingModel, redactingSources } from "./ports.ts"
import { redactingTools } from "./tools.ts"

const SECRET = "canary-91d3"
const redact = (text: string) => text.replaceAll(SECRET, "[secret: A_TOKEN]")

const PLAN: CallPlan = {
  name: "bash",
  input: {},
  effects: [],
  actions: [{ verb: "write", target: SECRET, diff: ` before ${SECRET}\n-old ${SECRET}\n+new ${SECRET}` }],
  isConcurrent: true,
  digest: "d",
  timeoutMs: 1,
}

/** Tools that give this result, or fail with this error, and say what they were asked. */
function toolsGiving(given: { result?: ToolResult; error?: Error; plan?: CallPlan }) {
  const ran: unknown[] = []
  const inner: ToolsPort = {
    list: () => [],
    offered: () => [],
    describe: (name) => ({ title: name, kind: name === "bash" ? "execute" : "edit", locations: [] }),
    plan: async () => given.plan ?? PLAN,
    async run(plan, context) {
      ran.push(plan.input)
      context.progress(1, `so far ${SECRET}`)
      if (given.error !== undefined) throw given.error
      return given.result ?? { forModel: [{ type: "text", text: `out ${SECRET}` }] }
    },
  }
  return { tools: redactingTools(inner, redact, async () => []), ran }
}

const previews: string[] = []
const nobody = () => Promise.reject(new Error("Nobody is asked"))
const context: RunContext = {
  sessionId: "ses_a",
  callId: "cal_a",
  cwd: "/",
  roots: ["/"],
  sandbox: "workspace-write",
  observed: () => undefined,
  signal: new AbortController().signal,
  askClient: nobody,
  sessions: {
    ...{ undoPreview: nobody, undo: nobody, search: nobody, read: nobody },
    contextSize: () => ({ contextTokens: 0 }),
  },
  progress: (_, preview) => previews.push(preview),
}

test("a result holds no secret, in whatever part it was", async () => {
  const result: ToolResult = {
    forModel: [
      { type: "text", text: `a ${SECRET}` },
      { type: "image", mediaType: "image/png", data: "AAAA" },
    ],
    forHuman: { kind: "text", body: `b ${SECRET}`, summary: `c ${SECRET}` },
    changes: [{ path: "/a", kind: "update", before: "x", after: "y", diff: `d ${SECRET}` }],
    exitCode: 3,
  }
  const { tools } = toolsGiving({ result })
  const given = await tools.run(PLAN, context)

  expect(JSON.stringify(given)).not.toContain(SECRET)
  expect(given).toEqual(JSON.parse(JSON.stringify(result).replaceAll(SECRET, "[secret: A_TOKEN]")))
  expect(previews.at(-1)).toBe("so far [secret: A_TOKEN]")
})

test("an error keeps its lane and loses the secret, from its stack too", async () => {
  for (const error of [new ToolFailure(`no ${SECRET}`), new TypeError(`broke at ${SECRET}`)]) {
    const thrown = await toolsGiving({ error })
      .tools.run(PLAN, context)
      .catch((one: unknown) => one)

    expect(thrown).toBe(error)
    expect(`${error.message} ${error.stack} ${Bun.inspect(thrown)}`).not.toContain(SECRET)
  }
})

test("what is approved is what runs: only what stands around the new lines is taken out of a diff", async () => {
  const plan = await toolsGiving({}).tools.plan("edit", {}, context)

  expect(plan.actions[0]).toEqual({
    verb: "write",
    target: SECRET,
    diff: ` before [secret: A_TOKEN]\n-old [secret: A_TOKEN]\n+new ${SECRET}`,
  })
  expect(plan.digest).toBe("d")
})

test("a command with a mark that was given out is refused, and one that only looks like it is not", async () => {
  const { tools } = toolsGiving({})
  const command = { command: "echo '[secret: A_TOKEN]' > .env.new" }
  expect((await tools.plan("bash", command, context)).name).toBe("bash")
  await tools.run(PLAN, context)

  await expect(tools.plan("bash", command, context)).rejects.toThrow("The command holds [secret: A_TOKEN]")
  expect((await tools.plan("bash", { command: "echo '[secret: OTHER]'" }, context)).name).toBe("bash")
})

test("a provider's error and an instruction file lose theirs too", async () => {
  const model = redactingModel(
    {
      describe: () => {
        throw new Error("unused")
      },
      list: () => [],
      // biome-ignore lint/correctness/useYield: it fails before it says anything
      async *stream() {
        throw new Error(`refused: ${SECRET}`)
      },
    },
    redact,
  )
  const asked = Array.fromAsync(
    model.stream({ model: "a/b", system: [], messages: [], tools: [], cacheKey: "" }, new AbortController().signal),
  )
  await expect(asked).rejects.toThrow("refused: [secret: A_TOKEN]")

  const section = { source: "agents_md", path: "/AGENTS.md", text: `key ${SECRET}`, sha256: "old", bytes: 1 }
  const sources = redactingSources({ gather: async () => [section], touched: async () => [] }, redact, async () => [])
  const [gathered] = await sources.gather({ cwd: "/", roots: [] })
  expect(gathered).toEqual({
    source: "agents_md",
    path: "/AGENTS.md",
    text: "key [secret: A_TOKEN]",
    sha256: Bun.CryptoHasher.hash("sha256", "key [secret: A_TOKEN]", "hex"),
    bytes: 21,
  })
})

test("a kept output loses them wherever it is cut, and every other byte stays", async () => {
  const written: Buffer[] = []
  const inner = {
    create: async () => ({
      write: (bytes: Uint8Array) => void written.push(Buffer.from(bytes)),
      close: async () => ({ id: "a", bytes: 0, path: "/a" }),
      discard: async () => {},
    }),
  }
  const noise = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  const line = Buffer.concat([noise, Buffer.from(`${SECRET}\n`)])
  const whole = Buffer.concat(Array.from({ length: 2_000 }, () => line))
  const writer = await redactingArtifacts(inner, redact).create("txt")
  for (let at = 0; at < whole.length; at += 4_999) writer.write(whole.subarray(at, at + 4_999))
  await writer.close()

  const expected = redact(whole.toString("latin1"))
  expect(Buffer.concat(written).toString("latin1") === expected).toBe(true)
})

test("a secret with letters beyond ASCII goes out of a kept output, in whatever bytes it is written", async () => {
  const secret = "pässwörtlich-geheim-1"
  const nothing = () => undefined
  const known = secrets({
    ...{ env: { DB_PASSWORD: secret }, home: "/nowhere", platform: "linux", dataDir: "/nowhere", show: [] },
    ...{ fetch: nobody, loginFetch: nobody, keyFile: nothing, known: () => [], now: () => 0 },
    ...{ onWarning: nothing, onShown: nothing, onCut: nothing },
  })
  const written: Buffer[] = []
  const inner = {
    create: async () => ({
      write: (bytes: Uint8Array) => void written.push(Buffer.from(bytes)),
      close: async () => ({ id: "a", bytes: 0, path: "/a" }),
      discard: async () => {},
    }),
  }
  const writer = await redactingArtifacts(inner, known.redact).create("txt")
  for (let nth = 0; nth < 6_000; nth++) writer.write(Buffer.from(`line ${nth}: ${secret} größer\n`))
  writer.write(Buffer.from(`${secret}\n`, "latin1"))
  await writer.close()

  const whole = Buffer.concat(written)
  expect(whole.includes(secret)).toBe(false)
  expect(whole.includes(Buffer.from(secret, "latin1"))).toBe(false)
  expect(whole.toString()).toEndWith("line 5999: [secret: DB_PASSWORD] größer\n[secret: DB_PASSWORD]\n")
})

test("what is secret in a folder is found out before a result is told, and again after a command", async () => {
  const known = new Set<string>()
  const later = (text: string) => [...known].reduce((left, one) => left.replaceAll(one, "[secret: X]"), text)
  const asked: (number | undefined)[] = []
  const learn = async (_: readonly string[], freshMs?: number) => {
    asked.push(freshMs)
    await Bun.sleep(1)
    known.add(freshMs === 0 ? "made-by-it" : "there-before")
  }
  const inner: ToolsPort = {
    list: () => [],
    offered: () => [],
    describe: (name) => ({ title: name, kind: "execute", locations: [] }),
    plan: async () => PLAN,
    run: async () => ({ forModel: [{ type: "text", text: "there-before made-by-it" }] }),
  }
  const command: CallPlan = { ...PLAN, effects: [{ kind: "execute", command: "x", isConfined: true }] }

  expect((await redactingTools(inner, later, learn).run(command, context)).forModel).toEqual([
    { type: "text", text: "[secret: X] [secret: X]" },
  ])
  expect(asked).toEqual([undefined, 0])
})
