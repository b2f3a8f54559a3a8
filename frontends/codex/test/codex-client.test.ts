import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { chmodSync, copyFileSync, linkSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Reply } from "@skein/testkit/providers"
import { codex } from "./codex-program.ts"
import { type Ground, ground, isMissing, program } from "./program.ts"
import { client } from "./talk.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

let at: Ground
beforeAll(() => {
  at = ground(replyTo)
})
afterAll(() => at.remove())

function replyTo(prompt: string): Reply {
  const command = /^run: (.*)/.exec(prompt)?.[1]
  if (command) return { text: "I will.", call: { name: "bash", input: { command } } }
  return { text: `You said: ${prompt}` }
}

function server(): readonly string[] {
  return [program, "app-server", "-c", `openai_base_url="${at.provider.url}"`, "-c", "model=gpt-5.5"]
}

/**
 * Codex's debugging client starts "its own program" as the server, by the path it was started from. Started from a file
 * that is gone, that path ends in ` (deleted)`, and there stands ours.
 */
function place(folder: string, original: string): string {
  const link = join(folder, "codex")
  try {
    linkSync(original, link)
  } catch {
    // Another file system.
    copyFileSync(original, link)
  }
  const words = server().map((word) => `'${word}'`)
  writeFileSync(`${link} (deleted)`, `#!/bin/sh\nexec ${words.join(" ")}\n`)
  chmodSync(`${link} (deleted)`, 0o700)
  return link
}

test.skipIf(isMissing || codex === undefined)("Codex's own client completes a turn with one approval", async () => {
  const link = place(at.folder, codex ?? "")
  const home = join(at.folder, ".codex")
  mkdirSync(home)
  const script = 'exec 9<"$0" && rm "$0" && exec /proc/self/fd/9 debug app-server send-message-v2 "$1"'
  const child = Bun.spawn(["/bin/bash", "-c", script, link, "run: echo made > made.txt; cat made.txt"], {
    cwd: at.folder,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { ...at.env, OPENAI_API_KEY: "sk-client", CODEX_HOME: home },
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  await child.exited
  const methods = [...out.matchAll(/^([<>]) +"method": "([^"]+)"/gm)].map(([, side, method]) => `${side} ${method}`)

  expect({ code: child.exitCode, out, err }).toMatchObject({ code: 0 })
  expect(methods).toContain("< item/commandExecution/requestApproval")
  expect(methods.at(-1)).toBe("< turn/completed")
  expect(out).toContain("< turn/completed notification: Completed")
  expect(readFileSync(join(at.folder, "made.txt"), "utf8")).toBe("made\n")
})

test.skipIf(isMissing)(
  "the program completes a turn with an approval, is interrupted in the next, and ends with its input",
  async () => {
    const child = Bun.spawn([...server()], {
      cwd: at.folder,
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
      env: { ...at.env, OPENAI_API_KEY: "sk-client" },
    })
    const host = client((line) => {
      child.stdin.write(`${line}\n`)
      void child.stdin.flush()
    })
    const reading = (async () => {
      let rest = ""
      for await (const chunk of child.stdout) {
        const lines = (rest + new TextDecoder().decode(chunk)).split("\n")
        rest = lines.pop() ?? ""
        for (const line of lines) host.take(line)
      }
    })()
    await host.handshake()
    const threadId = await host.thread({ approvalPolicy: "untrusted", sandbox: "workspace-write" })
    await host.turn(threadId, "run: echo hi > asked.txt")
    const asked = await host.next("item/commandExecution/requestApproval")
    host.say({ id: asked.id, result: { decision: "accept" } })
    const first = await host.next("turn/completed")
    const { result } = await host.turn(threadId, "run: echo begun; sleep 60", { approvalPolicy: "never" })
    const output = await host.until(({ params }) => params?.delta === "begun\n")
    const turnId = (result?.turn as { readonly id: string } | undefined)?.id
    await host.request("turn/interrupt", { threadId, turnId })
    const second = await host.next("turn/completed")
    void child.stdin.end()
    await reading

    expect(first.params).toMatchObject({ turn: { status: "completed", items: [{ text: "All done here." }] } })
    expect(output.method).toBe("item/commandExecution/outputDelta")
    expect(second.params).toMatchObject({ threadId, turn: { id: turnId, status: "interrupted" } })
    expect(await child.exited).toBe(0)
  },
)
