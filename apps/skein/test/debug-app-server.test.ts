import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Provider, responses } from "@skein/testkit/providers"
import { BINARY } from "./ground/binary.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

let folder = ""
let model: Provider
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "skein-debug-app-server-"))
  model = responses((prompt) =>
    prompt === "write it"
      ? { call: { name: "bash", input: { command: "echo made > /var/made-by-skein-test" } } }
      : prompt === "refuse"
        ? { status: 400 }
        : { text: `You said: ${prompt}` },
  )
})
afterAll(() => {
  model.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function send(...words: string[]) {
  const set = ["-c", `openai_base_url="${model.url}"`, "-c", "model=gpt-5.5"]
  const child = Bun.spawn([BINARY, "debug", "app-server", "send-message-v2", ...set, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, SKEIN_HOME: join(folder, "home"), OPENAI_API_KEY: "sk-test" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
  const said = [...out.matchAll(/^([<>]) {3}"method": "([^"]+)"/gm)].map(([, side, method]) => `${side} ${method}`)
  return { code: await child.exited, out, err, said }
}

test.skipIf(BINARY === "")("a turn is driven as a client drives it, and every message of both is printed", async () => {
  const { code, said, out } = await send("hello", "there")

  expect(code).toBe(0)
  expect(said.slice(0, 3)).toEqual(["> initialize", "> initialized", "> thread/start"])
  expect(said).toContain("> turn/start")
  expect(said.at(-1)).toBe("< turn/completed")
  expect(out).toContain('"text": "You said: hello there"')
})

test.skipIf(BINARY === "")(
  "what would be asked is declined, a turn that fails ends with 1, and a message is needed",
  async () => {
    const asked = await send("write it")
    const failed = await send("refuse")

    expect(asked.code).toBe(0)
    expect(asked.said).toContain("< item/commandExecution/requestApproval")
    expect(existsSync("/var/made-by-skein-test")).toBe(false)
    expect(failed.code).toBe(1)
    expect((await send()).code).toBe(2)
  },
)
