import { expect, test } from "bun:test"
import { call, type ScriptedModel, say, scriptedModel, testTools } from "@skein/testkit"
import { sit } from "./sitting.ts"

const F2 = "\u001bOQ"
const ESCAPE = "\u001b"
const HANG_MS = 20_000

const NAMES = { finder: "finds things", reviewer: "reads changes" }
const agentNames = {
  find: async (name: string) => (name in NAMES ? { name, instructions: `You are ${name}.` } : undefined),
  list: async () => Object.entries(NAMES).map(([name, description]) => ({ name, description })),
}

/** The finder works for ever, the reviewer asks for a command. */
function family(): ScriptedModel {
  let isAsked = false
  return {
    ...scriptedModel(),
    async *stream({ system: [who = ""] }, signal) {
      if (who.startsWith("You are finder")) await stopped(signal)
      const isReviewer = who.startsWith("You are reviewer")
      const reply = isReviewer && !isAsked ? call("shell", {}) : say("it is fine")
      isAsked ||= isReviewer
      for (const burst of reply) if (!(burst instanceof Error) && !(burst instanceof Promise)) yield burst
    },
  }
}

function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }))
}

const tools = testTools({
  shell: { effects: [{ kind: "execute", command: "make", isConfined: false }], run: () => "made" },
})

test(
  "a sub-agent is begun, asks in its name, is looked at and stopped",
  async () => {
    const at = await sit(family(), { rows: 30, columns: 100, ports: { agentNames, tools } })
    await at.until("scripted ·")
    await at.type("/spawn seeker look\r")
    await at.until('There is no agent "seeker". Known are finder, reviewer.')
    await at.type("/spawn finder where is the total\r")
    await at.until("finder works in the background.")
    await at.type(F2)
    expect(await at.until("1 agent")).toMatch(/● finder +where is the total +step 1/)
    await at.type("x")
    await at.until("Stop finder?")
    await at.type("y")
    await at.until("✗ finder")
    await at.type(ESCAPE)
    await at.when(() => !at.screen().includes("✗ finder") && !at.screen().includes("✓ reviewer"))

    await at.type("/spawn reviewer read the change\r")
    await at.until("reviewer · ")
    expect(at.screen()).toContain("reviewer · run   shell")
    await at.type("y")
    await at.until("The sub-agent reviewer has ended: it is done.")
    await at.type("/agents\r")
    await at.until("✓ reviewer")
    await at.type(ESCAPE)
    await at.when(() => !at.screen().includes("✗ finder") && !at.screen().includes("✓ reviewer"))
    await at.leave()
  },
  HANG_MS,
)
