import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Reply } from "@skein/testkit/providers"
import { type Ground, ground, isMissing, program } from "./program.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

let at: Ground
let repository = ""
beforeAll(() => {
  at = ground(replyTo)
  repository = join(at.folder, "repository")
  mkdirSync(join(repository, ".git"), { recursive: true })
})
afterAll(() => at.remove())

function replyTo(prompt: string): Reply {
  if (prompt.includes("wait for me")) return { text: "Let me think", hangs: true }
  if (prompt.includes("touch")) return { call: { name: "bash", input: { command: "touch outside" } } }
  return { text: `You said: ${prompt}` }
}

interface Ran {
  readonly out: string
  readonly err: string
  readonly code: number
}

function start(
  args: readonly string[],
  input: string | undefined,
  cwd: string,
  env: Record<string, string> = {},
  hasModel = true,
) {
  const base = ["-c", `openai_base_url="${at.provider.url}"`, ...(hasModel ? ["-m", "gpt-5.5"] : [])]
  return Bun.spawn([program, "exec", ...base, ...args], {
    cwd,
    stdin: input === undefined ? "ignore" : new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
    env: { ...at.env, CODEX_API_KEY: "sk-exec", ...env },
  })
}

async function exec(args: readonly string[], input?: string, cwd = repository): Promise<Ran> {
  const child = start(args, input, cwd)
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { out, err, code: await child.exited }
}

test.skipIf(isMissing)("without --json only the answer is on stdout, and what happened on stderr", async () => {
  const { out, err, code } = await exec(["hello"])

  expect({ out, code }).toEqual({ out: "You said: hello\n", code: 0 })
  expect(err.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "ID").replace(/v\S+/, "vX")).toBe(
    [
      "skein vX",
      "--------",
      `workdir: ${repository}`,
      "model: gpt-5.5",
      "provider: openai",
      "approval: never",
      "sandbox: read-only",
      "reasoning effort: default",
      "reasoning summaries: auto",
      "session id: ID",
      "--------",
      "user",
      "hello",
      "skein",
      "You said: hello",
      "tokens used",
      "90",
      "",
    ].join("\n"),
  )
})

test.skipIf(isMissing)("a prompt comes from words, from stdin, or from both", async () => {
  const { err } = await exec(["-"], "piped\n")

  expect((await exec(["--", "--strange"])).out).toBe("You said: --strange\n")
  expect((await exec([], "piped")).err).toStartWith("Reading prompt from stdin...\n")
  expect(err).not.toContain("Reading")
  expect((await exec(["both"], "piped\n")).out).toBe("You said: both\n\n<stdin>\npiped\n</stdin>\n")
  expect(await exec(["-"], " \n")).toMatchObject({ code: 1, err: "Error: No prompt provided via stdin.\n" })
})

test.skipIf(isMissing)("what cannot be run says so in Codex's words and ends with 1", async () => {
  const errors = await Promise.all(
    [
      ["-c", "model", "x"],
      ["-c", 'approval_policy="untrusted"', "x"],
      ["--output-schema", "none.json", "x"],
      ["--worktree", "x"],
      ["review"],
      ["resume", "0199aaaa-0000-7000-8000-000000000000", "x"],
      ["--strict-config", "-c", "nobody.knows=1", "x"],
    ].map((args) => exec(args)),
  )

  expect(errors.map(({ code, out }) => [code, out])).toEqual(errors.map(() => [1, ""]))
  expect(errors.map(({ err }) => err.trim())).toEqual([
    "Error: Invalid override (missing '='): model",
    'Error: approval_policy = "untrusted" is no longer supported; remove this setting',
    expect.stringMatching(/^Error: Failed to read output schema file none.json: /),
    "Error: Running in a worktree of its own is not available in this version: leave out --worktree.",
    "Error: What is to be reviewed? Say --uncommitted, --base BRANCH, --commit SHA, --pr NUMBER, or instructions in your own words.",
    "Error: thread/resume: thread/resume failed: no rollout found for thread id 0199aaaa-0000-7000-8000-000000000000",
    "Error: unknown configuration field `nobody`",
  ])
  expect((await exec(["--no-such-flag", "x"])).code).toBe(2)
})

test.skipIf(isMissing)("outside a git repository it runs only when told to", async () => {
  const refused = await exec(["hello"], undefined, at.folder)

  expect(refused).toMatchObject({
    code: 1,
    out: "",
    err: "Error: Not inside a trusted directory and --skip-git-repo-check was not specified.\n",
  })
  expect((await exec(["--skip-git-repo-check", "hello"], undefined, at.folder)).code).toBe(0)
})

test.skipIf(isMissing)(
  "the last message is written for a completed turn, without a newline of ours, and for no other",
  async () => {
    writeFileSync(join(repository, "number.json"), '{"type":"number"}')
    const kept = await exec(["-o", "kept.txt", "hello"])
    const failed = await exec(["--json", "-o", "failed.txt", "--output-schema", "number.json", "hello"])

    expect([kept.code, readFileSync(join(repository, "kept.txt"), "utf8")]).toEqual([0, "You said: hello"])
    expect([failed.code, existsSync(join(repository, "failed.txt"))]).toEqual([1, false])
    expect(lines(failed.out).slice(-2)).toMatchObject([{ type: "error" }, { type: "turn.failed" }])
  },
)

test.skipIf(isMissing)(
  "resume --last goes on with this folder's newest session, its flags before or after",
  async () => {
    const first = await exec(["--json", "one"])
    const second = await exec(["resume", "--last", "two", "--json"])
    const third = await exec(["resume", "--all", "--last", "--skip-git-repo-check", "--json"], "three", at.folder)

    const ids = [first, second, third].map(({ out }) => lines(out)[0]?.thread_id)
    expect(new Set(ids).size).toBe(1)
    expect(lines(third.out).at(-1)).toMatchObject({ type: "turn.completed", usage: { input_tokens: 300 } })
  },
)

test.skipIf(isMissing)("fork goes on in a new thread and leaves the first as it was", async () => {
  const first = await exec(["--json", "one"])
  const id = lines(first.out)[0]?.thread_id ?? ""
  const forked = await exec(["fork", id, "two", "--json"])
  const again = await exec(["resume", id, "three", "--json"])

  expect(lines(forked.out)[0]?.thread_id).not.toBe(id)
  expect(lines(forked.out).at(-1)).toMatchObject({ type: "turn.completed", usage: { input_tokens: 200 } })
  expect(lines(again.out)[0]?.thread_id).toBe(id)
  expect(lines(again.out).at(-1)).toMatchObject({ usage: { input_tokens: 200 } })
})

test.skipIf(isMissing)(
  "an ephemeral run keeps nothing, and goes on with a kept session without changing it",
  async () => {
    const kept = await exec(["--json", "one"])
    const id = lines(kept.out)[0]?.thread_id ?? ""
    const gone = await exec(["--json", "--ephemeral", "alone"])
    const borrowed = await exec(["--json", "--ephemeral", "resume", id, "two"])
    const again = await exec(["--json", "resume", id, "three"])
    const lost = await exec(["resume", lines(gone.out)[0]?.thread_id ?? "", "four"])

    expect(lines(borrowed.out).at(-1)).toMatchObject({ usage: { input_tokens: 200 } })
    expect(lines(again.out).at(-1)).toMatchObject({ usage: { input_tokens: 200 } })
    expect(lost).toMatchObject({ code: 1, err: expect.stringContaining("no rollout found") })
  },
)

test.skipIf(isMissing)(
  "the key for exec alone says whose model is meant; without any key nothing is begun",
  async () => {
    const model = async (env: Record<string, string>) => {
      const { stdout, stderr, exited } = start(["hello"], undefined, repository, env, false)
      return [await exited, (await new Response(stdout).text()) + (await new Response(stderr).text())] as const
    }
    const [code, text] = await model({ ANTHROPIC_API_KEY: "other" })
    const keyless = await exec(["--json", "-c", "model_provider=xai", "-m", "grok-4.5", "hello"])

    expect([code, text]).toEqual([0, expect.stringMatching(/model: gpt-[^\n]*\nprovider: openai/)])
    expect(keyless).toMatchObject({ code: 1, out: "", err: expect.stringContaining("Error: No key for xAI") })
  },
)

test.skipIf(isMissing)("commands run in a read-only sandbox unless the run says otherwise", async () => {
  const held = await exec(["touch it"])
  const open = await exec(["-s", "workspace-write", "touch it"])

  expect(held.err).toContain("Read-only file system")
  expect([open.code, existsSync(join(repository, "outside"))]).toEqual([0, true])
})

test.skipIf(isMissing)(
  "another folder asks for writing, a flag stands above -c, and without a sandbox it says so",
  async () => {
    const sandboxOf = async (...args: string[]) => /sandbox: (\S+)/.exec((await exec([...args, "hello"])).err)?.[1]

    expect(await sandboxOf("--add-dir", at.folder)).toBe("workspace-write")
    expect(await sandboxOf("--add-dir", at.folder, "-s", "read-only")).toBe("read-only")
    expect(await sandboxOf("-c", "sandbox_mode=workspace-write", "-s", "read-only")).toBe("read-only")
    expect(await sandboxOf("-c", "sandbox_mode=workspace-write")).toBe("workspace-write")
    expect(await sandboxOf("--full-auto")).toBe("workspace-write")
    expect(await sandboxOf("--dangerously-bypass-approvals-and-sandbox")).toBe("danger-full-access")
  },
)

test.skipIf(isMissing)("an interrupt ends the turn with 1, and with neither success nor failure", async () => {
  const child = start(["--json", "wait for me"], undefined, repository)
  let out = ""
  for await (const chunk of child.stdout) {
    out += new TextDecoder().decode(chunk)
    if (out.includes("turn.started")) child.kill("SIGINT")
  }

  expect(await child.exited).toBe(1)
  expect(lines(out).map(({ type }) => type)).toEqual(["thread.started", "turn.started"])
})

function lines(out: string): readonly { readonly type?: string; readonly thread_id?: string }[] {
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
}
