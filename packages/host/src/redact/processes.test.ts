import { expect, test } from "bun:test"
import { fakeProcesses } from "@skein/testkit"
import { redactingProcesses } from "./processes.ts"

const SECRET = "sk-canary-0123456789abcdef"
const KEY = "-----BEGIN PRIVATE KEY-----\nMIIcanary\n-----END PRIVATE KEY-----\n"
const redact = (text: string) => text.replaceAll(SECRET, "[secret: K]").replaceAll(KEY, "[secret: key]\n")

async function shown() {
  const processes = fakeProcesses()
  const all: Uint8Array[] = []
  const running = await redactingProcesses(processes, redact).start({
    ...{ command: "cat", cwd: "/", sandbox: "workspace-write", roots: ["/"] },
    onOutput: (bytes) => all.push(bytes),
  })
  const [process] = processes.started
  if (process === undefined) throw new Error("It was started")
  return { process, running, text: () => Buffer.concat(all).toString() }
}

test("a secret that comes in two pieces is shown in none", async () => {
  const { process, running, text } = await shown()
  process.says(`KEY=${SECRET.slice(0, 9)}`)
  process.says(`${SECRET.slice(9)}\nnext\n`)
  process.exits(0)
  await running.exited

  expect(text()).toBe("KEY=[secret: K]\nnext\n")
})

test("a key of several lines is held back until its end", async () => {
  const { process, running, text } = await shown()
  for (const line of KEY.split(/(?<=\n)/)) process.says(line)
  process.exits(0)
  await running.exited

  expect(text()).toBe("[secret: key]\n")
})

test("a prompt without an end of line is shown after a moment, and bytes that are no text come through", async () => {
  const { process, text } = await shown()
  process.says("name? ")
  while (text() === "") await Bun.sleep(1)
  expect(text()).toBe("name? ")
  process.request.onOutput(new Uint8Array([0xff, 0xfe, 0x0a]), "stdout")
  expect(Buffer.from(text(), "latin1").length).toBeGreaterThan(6)
})

test("a flood without an end of line is shown in pieces, not held for ever", async () => {
  const { process, text } = await shown()
  process.says("x".repeat(20_000))

  expect(text().length).toBe(20_000)
})
