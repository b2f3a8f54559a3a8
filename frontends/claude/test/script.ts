import type { FakeStep } from "./fake-session.ts"

/** The conversation that tests hold, by what the person says. */
export function script(prompt: string): readonly FakeStep[] {
  if (prompt.includes("run")) {
    const calls = { name: "bash", input: { command: "echo hi", timeoutMs: 500 }, output: "hi", isAsked: true }
    return [{ says: "I will.", calls }, { says: "All done here." }]
  }
  if (prompt.includes("read")) {
    return [{ calls: { name: "read", input: { path: "a.txt" }, output: "a\nb" } }, { says: "Two lines." }]
  }
  if (prompt.includes("wait")) return [{ says: "Let me think", hangs: true }]
  if (prompt.includes("break"))
    return [{ fails: { code: "provider.overloaded", message: "The provider is overloaded." } }]
  if (prompt.includes("json")) return [{ says: '{"answer":42}' }]
  return [{ thinks: "A greeting.", says: "Hello there friend" }]
}
